import { get } from "../api/client";
import type { Problem } from "../api/problem";
import { asProblem } from "../api/problem";
import type { SearchHit } from "../api/types";
import { library } from "./library.svelte";
import { router } from "./router.svelte";
import { openTask } from "./shown";

/** How long a pause in typing is before the server is asked. */
const PAUSE_MS = 90;

/** What the server finds for a text as it is typed; answers to older texts are dropped. */
export class Searching {
  hits = $state.raw<SearchHit[]>([]);
  problem = $state.raw<Problem>();
  busy = $state(false);
  #turn = 0;

  /** Follows a text that changes, while the component lives. */
  constructor(text: () => string, query: { kinds?: string; limit?: number } = {}) {
    $effect(() => {
      const asked = text().trim();
      const turn = ++this.#turn;
      if (asked === "") {
        this.hits = [];
        this.busy = false;
        return;
      }
      this.busy = true;
      const timer = setTimeout(() => void this.#ask(asked, turn, query), PAUSE_MS);
      return () => clearTimeout(timer);
    });
  }

  async #ask(asked: string, turn: number, query: object): Promise<void> {
    try {
      const found = await get<{ items: SearchHit[] }>("/search", { q: asked, ...query });
      if (turn !== this.#turn) return;
      this.hits = found.items;
      this.problem = undefined;
    } catch (error) {
      if (turn === this.#turn) this.problem = asProblem(error);
    } finally {
      if (turn === this.#turn) this.busy = false;
    }
  }
}

const NAMES: Record<SearchHit["kind"], string> = {
  area: "Life area",
  calendar_event: "Appointment",
  comment: "Comment",
  goal: "Goal",
  habit: "Habit",
  journal_entry: "Journal",
  note: "Note",
  project: "Project",
  story: "Story",
  task: "Task",
};

/** What a hit is, and where it belongs, such as "Task in New kitchen". */
export function describe(hit: SearchHit): string {
  const place =
    library.project(hit.about?.id)?.name ??
    library.goal(hit.about?.id)?.title ??
    library.area(hit.about?.id)?.name;
  const name = hit.closed && hit.kind === "task" ? "Closed task" : NAMES[hit.kind];
  return place ? `${name} in ${place}` : name;
}

/** Opens what was found: its page, its dialog, or the thing it was written about. */
export function openHit(hit: SearchHit): void {
  open(hit.kind, hit.id, hit);
}

function open(kind: string, id: string, hit: SearchHit): void {
  switch (kind) {
    case "task":
      return openTask(id);
    case "area":
    case "goal":
    case "project":
    case "habit":
      return router.go(`/${kind}s/${id}`);
    case "journal_entry":
      return router.go("/journal");
    case "calendar_event":
      return router.go(`/upcoming?event=${id}`);
    case "story":
      return router.go(`/stories/${id}`);
    default:
      if (hit.about && hit.about.kind !== kind) return open(hit.about.kind, hit.about.id, hit);
      return router.go("/notes");
  }
}
