import { post } from "../api/client";
import { newId } from "../api/ids";
import { asProblem } from "../api/problem";
import type { Added, AskedLine, Parsed, Project, Span, Task, TaskDraft } from "../api/types";
import { passageOf, stillKept, type Kept } from "../format/passages";
import { library } from "./library.svelte";
import { router } from "./router.svelte";
import { addTask, didAdd } from "./tasks.svelte";
import { toasts } from "./toasts.svelte";
import { didUndoably } from "./undo.svelte";

/** Long enough not to ask for every letter, short enough to feel instant. */
const PAUSE_MS = 120;
const SERVER_FAILED = 500;

type Defaults = Pick<
  TaskDraft,
  "due" | "project_id" | "phase_id" | "goal_id" | "area_id" | "parent_id"
>;

/** Says what a line became, with a way there and a way back. */
function didAddAny({ task, goal, habit, note }: Added, changeset: string | null): void {
  if (task) return didAdd(task as Task, changeset);
  const made = goal ?? habit ?? note;
  if (!made) return;
  const [kind, path] = goal
    ? ["goal", `/goals/${made.id}`]
    : habit
      ? ["habit", `/habits/${made.id}`]
      : ["note", "/notes"];
  const message = `Added the ${kind} “${made.title}”`;
  didUndoably(message, changeset, null, () => router.go(path));
}

/** A line being typed: what the server understands of it, and what was put back by hand. */
export class QuickLine {
  text = $state("");
  parsed = $state.raw<Parsed>();
  /** The line written anew and by whom, or why nobody could. */
  asked = $state.raw<AskedLine>();
  asking = $state(false);
  #kept: Kept[] = [];
  #picks: string[] = [];
  #turn = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Reads the line once typing pauses; answers that come too late are dropped. */
  changed(): void {
    this.#turn += 1;
    clearTimeout(this.#timer);
    this.asked = undefined;
    if (this.text.trim() === "") return this.clear();
    this.#kept = stillKept(this.text, this.#kept);
    this.#timer = setTimeout(() => void this.read(), PAUSE_MS);
  }

  /** Asks what the line means. Without an answer the line is simply a title. */
  async read(): Promise<void> {
    const turn = ++this.#turn;
    const parsed = await post<Parsed>("/quick-add/parse", this.#question()).then(
      ({ data }) => data,
      () => undefined,
    );
    if (turn === this.#turn) this.parsed = parsed;
  }

  /** Has a model write the line so that it is clear. Nothing is added by that. */
  async ask(): Promise<void> {
    const turn = ++this.#turn;
    clearTimeout(this.#timer);
    this.asking = true;
    try {
      const { data } = await post<AskedLine>("/quick-add/ask", this.#question());
      if (turn !== this.#turn) return;
      this.text = data.text;
      this.#kept = [];
      this.parsed = data.parsed;
      this.asked = data;
    } catch (error) {
      toasts.fail(error);
    } finally {
      this.asking = false;
    }
  }

  /** Leaves an understood piece in the title. */
  keep(span: Span): void {
    this.#kept = [...this.#kept, { start: span.start, text: span.text }];
    void this.read();
  }

  /** Says which of several namesakes is meant. */
  pick(id: string): void {
    this.#picks = [...this.#picks, id];
    void this.read();
  }

  async createProject(name: string): Promise<void> {
    try {
      const { changeset } = await post<Project>("/projects", { id: newId(), name });
      didUndoably(`Added the project “${name}”`, changeset);
      void library.refresh();
      await this.read();
    } catch (error) {
      toasts.fail(error);
    }
  }

  clear(): void {
    this.#turn += 1;
    clearTimeout(this.#timer);
    this.text = "";
    this.parsed = this.asked = undefined;
    this.#kept = [];
    this.#picks = [];
  }

  /** Adds what the line says; where the server cannot be asked, a task with the line as title. */
  async add(defaults: Partial<Defaults>): Promise<boolean> {
    const id = newId();
    const question = this.#question();
    const undone = { text: this.text, kept: this.#kept, picks: this.#picks };
    this.clear();
    try {
      const { data, changeset } = await post<Added>("/quick-add", { ...question, id, defaults });
      didAddAny(data, changeset);
      return true;
    } catch (error) {
      const { status } = asProblem(error);
      if (status === 0 || status >= SERVER_FAILED) {
        if (await addTask({ id, title: question.text, ...defaults })) return true;
      } else toasts.fail(error);
      this.text = undone.text;
      this.#kept = undone.kept;
      this.#picks = undone.picks;
      return false;
    }
  }

  #question() {
    // A space at the end changes no place that is counted from the beginning.
    const text = this.text.trimEnd();
    return { text, ignored: this.#kept.map(passageOf), picks: this.#picks };
  }
}
