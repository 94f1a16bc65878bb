/**
 * Sends what waits on this device and reads what moved elsewhere, through `POST /sync`.
 *
 * An operation leaves the queue in the same step that stores the server's answer to it; whatever
 * dies in between, it is sent again under the same id, and the server does nothing twice.
 */
import { asProblem, Problem } from "../api/problem";
import { newId } from "../api/ids";
import { later, nextStamp } from "./hlc";
import type { Replica } from "./replica";
import type { Change } from "./shelf";
import { isFinal, onTheWire, type Ack, type Queued, type SyncAnswer, type Wire } from "./wire";
import type { Stored } from "./world";

const MOST_AT_ONCE = 200;
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 60_000;
const FORBIDDEN = 403;
const NOT_FOUND = 404;
const CONFLICT = 409;
/** Counts up with each kind of rows this program keeps beyond the last; a copy without is read anew. */
const SHAPE = 4;

export interface Tools {
  wire: Wire;
  /** Lets one tab after the other do its work. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  /** Whether this copy still belongs to whoever is signed in. */
  owned(): boolean;
  /** Whether the server answered the last time it was asked. */
  reachable(): boolean;
  /** Hears when sending begins and ends. */
  onsending(sending: boolean): void;
  onconflict(): void;
}

export class Engine {
  #running: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;
  #closed = false;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The changesets that deeds of this tab became, so that they can still be undone. */
  readonly changesets = new Map<string, string[]>();

  constructor(
    readonly replica: Replica,
    private readonly tools: Tools,
  ) {}

  /** Sends and reads until nothing is left; calls while one runs share the one after it. */
  sync(): Promise<void> {
    this.#next ??= this.#running.then(() => {
      this.#next = undefined;
      return (this.#running = this.#run());
    });
    return this.#next;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.replica.close();
  }

  /** Puts a refused operation into the queue once more, as a new one. */
  async retry(id: string): Promise<void> {
    const operation = this.replica.refused.find((each) => each.id === id);
    if (!operation) return;
    const { cursor, stamp, device } = this.replica.facts;
    const hlc = nextStamp(stamp, Date.now(), device);
    const base = operation.base === null ? null : cursor;
    const fresh = { ...operation, id: newId(), hlc, base, sent: false, refusal: null };
    await this.replica.commit({ ops: [fresh], dropped: [id], facts: { stamp: hlc } });
    await this.sync();
  }

  async discard(id: string): Promise<void> {
    await this.replica.commit({ dropped: [id] });
  }

  /** Takes back a deed that has not been sent; false where it is no longer in the queue. */
  takeBack(deed: string): Promise<boolean> {
    return this.tools.alone(async () => {
      await this.replica.wake();
      const own = this.replica.ops.filter((operation) => operation.deed === deed);
      if (own.length === 0) return false;
      if (own.some((operation) => operation.sent && operation.refusal === null))
        throw new Problem(0, "This change is on its way. Undo it once it has arrived.");
      const made = own.filter((each) => each.verb === "create").map((each) => each.entity_id);
      // What was done to a row that is not made after all goes with it.
      const dropped = this.replica.ops.filter(
        (each) => own.includes(each) || made.includes(each.entity_id),
      );
      await this.replica.commit({ dropped: dropped.map((each) => each.id) });
      return true;
    });
  }

  async #run(): Promise<void> {
    clearTimeout(this.#timer);
    try {
      await this.tools.alone(() => this.#exchange());
      this.#failures = 0;
    } catch (error) {
      this.#failures += 1;
      if ([FORBIDDEN, NOT_FOUND].includes(asProblem(error).status)) await this.#forget();
    } finally {
      this.tools.onsending(false);
    }
    if (this.replica.waiting.length > 0) this.#tryLater();
  }

  #tryLater(): void {
    if (this.#closed) return;
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.max(0, this.#failures - 1));
    this.#timer = setTimeout(() => void this.sync(), wait);
  }

  async #exchange(): Promise<void> {
    const copy: Stored[] = [];
    let most = MOST_AT_ONCE;
    let page: string | null = null;
    let more = true;
    while (more && !this.#closed && this.tools.owned()) {
      await this.replica.wake();
      // Nothing is called sent, and so past taking back, before the server has answered at all.
      const batch = this.tools.reachable() ? this.replica.waiting.slice(0, most) : [];
      const answer: SyncAnswer | Problem = await this.#send(batch, page).catch((error: unknown) => {
        if (!isFinal(asProblem(error)) || batch.length === 0) throw error;
        return asProblem(error);
      });
      if (answer instanceof Problem) {
        // One of them spoils the request for all: each is sent alone until it is found.
        if (batch.length === 1) await this.#refuse(batch[0]!, answer.detail);
        most = 1;
        continue;
      }
      await this.#keep(answer, batch, copy);
      if (answer.server_hlc === null) throw shutOut(answer);
      page = answer.page;
      more = answer.more || this.replica.waiting.length > 0;
    }
  }

  async #send(batch: Queued[], page: string | null): Promise<SyncAnswer> {
    if (batch.length > 0) {
      this.tools.onsending(true);
      const fresh = batch.filter((operation) => !operation.sent);
      if (fresh.length > 0)
        await this.replica.commit({ ops: fresh.map((each) => ({ ...each, sent: true })) });
    }
    const { device, cursor, shape } = this.replica.facts;
    const known = shape === SHAPE ? cursor : null;
    return this.tools.wire({ device, cursor: known, page, ops: batch.map(onTheWire) });
  }

  /** Stores an answer in one step; a full copy is collected first and then replaces the old. */
  async #keep(answer: SyncAnswer, batch: Queued[], copy: Stored[]): Promise<void> {
    const latest = new Map(answer.changes.map((each) => [`${each.entity} ${each.id}`, each]));
    const rows = [...latest.values()].flatMap(({ entity, id, row }) =>
      row === null ? [] : [{ entity, id, row }],
    );
    const gone = [...latest.values()]
      .filter((each) => each.row === null)
      .map(({ entity, id }): [string, string] => [entity, id]);
    const change: Change = {
      ...this.#settled(answer, batch),
      facts: { stamp: later(this.replica.facts.stamp, answer.server_hlc) },
    };
    if (answer.full_sync) copy.push(...rows);
    else Object.assign(change, { rows, gone });
    if (answer.full_sync && answer.page === null)
      Object.assign(change, { clear: "rows", rows: copy.splice(0) });
    if (answer.page === null) change.facts!.cursor = answer.cursor;
    if (answer.full_sync && answer.page === null) change.facts!.shape = SHAPE;
    await this.replica.commit(change);
    if (answer.acks.some((ack) => ack.conflicts.length > 0)) this.tools.onconflict();
  }

  /** What becomes of the queue: refused ones stay until their author has seen them. */
  #settled(answer: SyncAnswer, batch: Queued[]): Pick<Change, "ops" | "dropped"> {
    const { acks, changes, server_hlc } = answer;
    const ops: Queued[] = [];
    const dropped: string[] = [];
    for (const ack of acks) {
      const operation = batch.find((each) => each.id === ack.id);
      // Who is shut out was not refused this change, but any.
      if (!operation || (ack.status === "refused" && server_hlc === null)) continue;
      // A request that died on its way may have made the row already: under an id only we know.
      const made = operation.verb === "create" && ack.problem?.status === CONFLICT;
      const isThere = made && changes.some((each) => each.row?.id === operation.entity_id);
      if (ack.status !== "refused" || isThere) dropped.push(ack.id);
      else ops.push({ ...operation, refusal: reason(ack) });
      if (ack.changeset_id)
        this.changesets.set(operation.deed, [
          ...(this.changesets.get(operation.deed) ?? []),
          ack.changeset_id,
        ]);
    }
    return { ops, dropped };
  }

  #refuse(operation: Queued, refusal: string): Promise<void> {
    return this.replica.commit({ ops: [{ ...operation, refusal }] });
  }

  /** Whoever may no longer read a workspace keeps no copy of it. */
  #forget(): Promise<void> {
    return this.replica.commit({ clear: "all", facts: { cursor: null } });
  }
}

/** Why the server shows nothing any more, as it said of the first change it did not take. */
function shutOut({ acks }: SyncAnswer): Problem {
  const problem = acks.find((ack) => ack.problem)?.problem;
  return new Problem(problem?.status ?? FORBIDDEN, problem?.detail ?? "You may no longer come in.");
}

function reason({ problem }: Ack): string {
  return problem?.detail ?? "The server did not say why.";
}
