/** A device in memory and a server that speaks `POST /sync`, for tests of what happens between. */
import { Problem } from "../../src/lib/api/problem";
import type { Me } from "../../src/lib/api/types";
import { Engine, type Tools } from "../../src/lib/offline/engine";
import { Replica } from "../../src/lib/offline/replica";
import type { Change, Facts, Shelf } from "../../src/lib/offline/shelf";
import { StandIn } from "../../src/lib/offline/standin";
import type { Ack, Operation, Queued, Row, SyncAnswer, SyncRequest } from "../../src/lib/offline/wire";
import type { Stored } from "../../src/lib/offline/world";

export const ME = {
  user: { id: "u1", name: "Ada", time_zone: "Europe/Berlin", day_start_minutes: 0, week_start: "monday" },
  workspace: { id: "w1", name: "Ada", kind: "personal" },
  workspaces: [],
  role: "owner",
  permissions: [],
} as unknown as Me;

export const DEVICE = "0192f000-0000-7000-8000-00000000dddd";

/** What IndexedDB keeps, shared by the tabs of one browser; structured copies, as there. */
export class MemoryShelf implements Shelf {
  kept = { facts: {} as Partial<Facts>, rows: new Map<string, Stored>(), ops: new Map<string, Queued>() };

  facts = async (): Promise<Partial<Facts>> => structuredClone(this.kept.facts);
  rows = async (): Promise<Stored[]> => structuredClone([...this.kept.rows.values()]);
  ops = async (): Promise<Queued[]> => structuredClone([...this.kept.ops.values()]);

  async commit(given: Change): Promise<void> {
    const change = structuredClone(given);
    const { rows, ops } = this.kept;
    for (const [name, { entity }] of change.clear ? rows : [])
      if (change.clear === "all" || entity !== "answer") rows.delete(name);
    for (const [entity, id] of change.gone ?? []) rows.delete(`${entity} ${id}`);
    for (const each of change.rows ?? []) rows.set(`${each.entity} ${each.id}`, each);
    for (const operation of change.ops ?? []) ops.set(operation.id, operation);
    for (const id of change.dropped ?? []) ops.delete(id);
    Object.assign(this.kept.facts, change.facts);
  }

  close(): void {}
}

/** Tasks only, but with the manners of the real one: answers are kept, rows move the ledger. */
export class FakeServer {
  seq = 0;
  rows = new Map<string, { seq: number; row: Row | null }>();
  acks = new Map<string, Ack>();
  requests: SyncRequest[] = [];
  /** Fails the next requests: before anything is done, or after, with the answer lost. */
  failures: ("before" | "after" | Problem)[] = [];
  refusals = new Map<string, string>();
  pageSize = 100;

  put(id: string, fields: Record<string, unknown>): void {
    this.seq += 1;
    const version = this.seq;
    const row = { ...this.rows.get(id)?.row, ...fields, id, version };
    this.rows.set(id, { seq: this.seq, row });
  }

  handle = async (request: SyncRequest): Promise<SyncAnswer> => {
    this.requests.push(structuredClone(request));
    const failure = this.failures.shift();
    if (failure instanceof Problem) throw failure;
    if (failure === "before") throw new Problem(0, "unreachable");
    const acks = request.ops.map((operation) => this.take(operation));
    if (failure === "after") throw new Problem(0, "unreachable");
    return { ...this.pull(request), acks };
  };

  private take(operation: Operation): Ack {
    const known = this.acks.get(operation.id);
    if (known) return known.status === "refused" ? known : { ...known, status: "repeated" };
    const ack: Ack = { id: operation.id, status: "applied", changeset_id: null, problem: null, conflicts: [] };
    const { entity_id: id, verb, fields } = operation;
    const sentence = this.refusals.get(id) ?? (verb !== "create" && !this.rows.has(id) ? "Not found." : null);
    if (verb === "create" && this.rows.has(id)) Object.assign(ack, refusal(409, "It exists already."));
    else if (sentence) Object.assign(ack, refusal(422, sentence));
    else {
      if (verb === "complete") this.put(id, { state: "done", completed_at: "2026-11-25T10:00:00Z" });
      else if (verb === "delete") this.put(id, { deleted_at: "2026-11-25T10:00:00Z" });
      else this.put(id, verb === "create" ? { ...TASK, ...fields } : fields);
      ack.changeset_id = `changeset-${this.seq}`;
    }
    this.acks.set(operation.id, ack);
    return ack;
  }

  private pull({ cursor, page }: SyncRequest): Omit<SyncAnswer, "acks"> {
    const full = cursor === null || cursor > this.seq || page !== null;
    const start = Number(page ?? 0);
    const all = [...this.rows].map(([id, { seq, row }]) => ({ entity: "task", id, seq, row }));
    const wanted = full
      ? all.slice(start, start + this.pageSize)
      : all.filter((each) => each.seq > cursor!);
    const next = full && start + this.pageSize < all.length ? String(start + this.pageSize) : null;
    return {
      changes: structuredClone(wanted),
      cursor: next === null ? this.seq : null,
      page: next,
      more: next !== null,
      full_sync: full,
      server_hlc: `2026-11-25T10:00:00.000Z-0000-${"0".repeat(8)}-0000-0000-0000-${"0".repeat(12)}`,
    };
  }
}

function refusal(status: number, detail: string): Partial<Ack> {
  return { status: "refused", problem: { status, detail } };
}

/** A task as the API shows one with nothing but a title. */
export const TASK = {
  parent_id: null,
  project_id: null,
  phase_id: null,
  goal_id: null,
  area_id: null,
  title: "",
  notes: "",
  state: "inbox",
  priority: 4,
  due: null,
  start: null,
  deadline: null,
  duration_minutes: null,
  weight: 1,
  labels: [],
  assignee_id: null,
  waiting_for: null,
  series_id: null,
  slot: null,
  repeat: null,
  rank: "h0",
  completed_at: null,
  archived_at: null,
  deleted_at: null,
  created_at: "2026-11-01T10:00:00Z",
  updated_at: "2026-11-01T10:00:00Z",
};

/** Tabs of one browser: they hear of each other's changes, and take turns. */
export class Browser {
  shelf = new MemoryShelf();
  #listeners: ((change: Change) => void)[] = [];
  #turn: Promise<unknown> = Promise.resolve();
  conflicts = 0;
  reachable = true;

  constructor(
    readonly server: FakeServer,
    private readonly locks = true,
  ) {}

  async openTab(): Promise<StandIn> {
    let mine: (change: Change) => void = () => undefined;
    const replica = await Replica.open(this.shelf, {
      device: DEVICE,
      me: ME,
      onchange: () => undefined,
      tabs: {
        tell: (change) => {
          for (const each of this.#listeners) if (each !== mine) each(structuredClone(change));
        },
        hear: (listener) => {
          mine = listener;
          this.#listeners.push(listener);
        },
        close: () => undefined,
      },
    });
    const tools: Tools = {
      wire: async (request) => {
        try {
          const answer = await this.server.handle(request);
          this.reachable = true;
          return answer;
        } catch (error) {
          this.reachable = (error as Problem).status !== 0;
          throw error;
        }
      },
      reachable: () => this.reachable,
      alone: (work) => this.#alone(work),
      owned: () => true,
      onsending: () => undefined,
      onconflict: () => (this.conflicts += 1),
    };
    return new StandIn(new Engine(replica, tools), replica);
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    if (!this.locks) return work();
    const run = this.#turn.then(work, work);
    this.#turn = run.catch(() => undefined);
    return run;
  }
}
