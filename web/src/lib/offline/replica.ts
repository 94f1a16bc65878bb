/** This device's copy of a workspace: what is on the shelf, and in memory once looked at. */
import type { Me } from "../api/types";
import type { Person } from "./occurrences";
import type { Change, Facts, Shelf } from "./shelf";
import { isRefused, type Queued } from "./wire";
import type { Stored, World } from "./world";

/** Other tabs of this browser, which hold the same copy. */
export interface Tabs {
  tell(change: Change): void;
  hear(listener: (change: Change) => void): void;
  close(): void;
}

export class Replica {
  #ops: Map<string, Queued>;
  #rows: Promise<Map<string, Stored>> | undefined;
  #world: Promise<World> | undefined;
  #closed = false;

  private constructor(
    readonly shelf: Shelf,
    public facts: Facts,
    ops: Queued[],
    private readonly tabs: Tabs,
    private readonly onchange: () => void,
  ) {
    this.#ops = new Map(ops.map((operation) => [operation.id, operation]));
    tabs.hear((change) => {
      void this.#take(change).then(this.onchange);
    });
  }

  static async open(
    shelf: Shelf,
    { device, me, tabs, onchange }: { device: string; me?: Me; tabs: Tabs; onchange: () => void },
  ): Promise<Replica> {
    const [kept, ops] = await Promise.all([shelf.facts(), shelf.ops()]);
    const facts: Facts = { device, cursor: null, shape: null, stamp: null, me: null, ...kept };
    if (me) facts.me = me;
    const replica = new Replica(shelf, facts, ops, tabs, onchange);
    await shelf.commit({ facts });
    return replica;
  }

  /** What has not been taken by the server, in the order it was done. */
  get ops(): Queued[] {
    return [...this.#ops.values()].sort((a, b) => (a.hlc < b.hlc ? -1 : 1));
  }

  get waiting(): Queued[] {
    return this.ops.filter((operation) => !isRefused(operation));
  }

  get refused(): Queued[] {
    return this.ops.filter(isRefused);
  }

  /** The rows with everything waiting on top. */
  world(): Promise<World> {
    this.#world ??= Promise.all([import("./world"), this.#load()]).then(
      ([{ World }, rows]) => new World(rows.values(), this.waiting, this.#person),
    );
    // Its code may not be on this device yet: the next to ask tries again.
    this.#world.catch(() => (this.#world = undefined));
    return this.#world;
  }

  /** Whose days count for what is done here. */
  get #person(): Person | undefined {
    const user = this.facts.me?.user;
    return user && { zone: user.time_zone, dayStart: user.day_start_minutes };
  }

  /** Reads again what other tabs may have done while this one slept. */
  async wake(): Promise<void> {
    const [facts, ops] = await Promise.all([this.shelf.facts(), this.shelf.ops()]);
    if (facts.cursor !== this.facts.cursor) this.#rows = undefined;
    this.facts = { ...this.facts, ...facts };
    this.#ops = new Map(ops.map((operation) => [operation.id, operation]));
    this.#world = undefined;
  }

  /** Keeps a change on the shelf, here and in the other tabs. */
  async commit(change: Change): Promise<void> {
    if (this.#closed) return;
    await this.shelf.commit(change);
    await this.#take(change);
    // Somebody may have signed out meanwhile.
    if (this.#closed) return;
    this.tabs.tell(change);
    this.onchange();
  }

  close(): void {
    this.#closed = true;
    this.tabs.close();
    this.shelf.close();
  }

  #load(): Promise<Map<string, Stored>> {
    this.#rows ??= this.shelf
      .rows()
      .then((rows) => new Map(rows.map((each) => [key(each.entity, each.id), each])));
    return this.#rows;
  }

  async #take(change: Change): Promise<void> {
    this.#world = undefined;
    Object.assign(this.facts, change.facts);
    for (const operation of change.ops ?? []) this.#ops.set(operation.id, operation);
    for (const id of change.dropped ?? []) this.#ops.delete(id);
    if (!this.#rows) return;
    const rows = await this.#rows;
    if (change.clear)
      for (const [name, { entity }] of rows)
        if (change.clear === "all" || entity !== "answer") rows.delete(name);
    for (const [entity, id] of change.gone ?? []) rows.delete(key(entity, id));
    for (const each of change.rows ?? []) rows.set(key(each.entity, each.id), each);
    this.#world = undefined;
  }
}

function key(entity: string, id: string): string {
  return `${entity} ${id}`;
}
