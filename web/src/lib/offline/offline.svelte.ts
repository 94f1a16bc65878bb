import { get, whenUnreachable, type Answer, type Asked, type StandIn as Door } from "../api/client";
import { Problem } from "../api/problem";
import type { Me } from "../api/types";
import { revision } from "../state/revision.svelte";
import type { StandIn } from "./standin";
import type { Queued } from "./wire";

/** Which copy is in use here, known without opening it and shared by all tabs. */
interface Mark {
  name: string;
  user: string;
  /** Changes that have not been sent. */
  waiting: number;
  /** Whether the copy has been read whole. */
  complete: boolean;
}

const MARK_KEY = "selfos.copy";
/** How long after the first page the copy is read: what is looked at comes first. */
const PATIENCE_MS = 1_000;
/** How long others' changes, and one's own, may be missing from the copy. */
const HEARD_WAIT_MS = 4_000;
const WROTE_WAIT_MS = 300;
/** A server that comes and goes is not asked for everything each time. */
const SHORTEST_GAP_MS = 2_000;

function readMark(): Mark | null {
  return JSON.parse(localStorage.getItem(MARK_KEY) ?? "null") as Mark | null;
}

/**
 * What this device knows while the server is away, and what waits to be sent. All of it but this
 * door is loaded when it is first needed.
 */
class Offline implements Door {
  waiting = $state(readMark()?.waiting ?? 0);
  refused = $state.raw<Queued[]>([]);
  conflicts = $state(0);
  sending = $state(false);
  reachable = $state(true);
  #me: Me | undefined;
  #opened: Promise<StandIn | undefined> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #back: ReturnType<typeof setTimeout> | undefined;
  #cameBack = 0;
  #syncAt = Infinity;
  /** What the first page read before the copy was opened. */
  #early: [Asked, unknown][] = [];

  /** What only this device knows: sent to nobody, or refused. */
  get unsent(): number {
    return this.waiting + this.refused.length;
  }

  /** Keeps a copy of what `me` can see, until the returned function is called. */
  start(me: Me): () => void {
    this.#me = me;
    const mark = readMark();
    const name = `selfos:${me.user.id}:${me.workspace.id}`;
    const ours = mark?.name === name;
    if (!ours) writeMark({ name, user: me.user.id, waiting: 0, complete: false });
    const urgent = this.waiting > 0 || (mark !== null && mark.user !== me.user.id);
    this.#timer = setTimeout(() => void this.sync(), urgent ? 0 : PATIENCE_MS);
    const wake = (): void => void (document.hidden || this.#wake());
    // The browser knows of networks, not of servers: asking is the only proof.
    const online = (): void => this.reached(true);
    const offline = (): void => void this.sync();
    addEventListener("online", online);
    addEventListener("offline", offline);
    document.addEventListener("visibilitychange", wake);
    return () => {
      clearTimeout(this.#timer);
      removeEventListener("online", online);
      removeEventListener("offline", offline);
      document.removeEventListener("visibilitychange", wake);
      this.#close();
    };
  }

  /** Whether a request is answered here first: the server is away, or does not know all yet. */
  inCharge(path: string): boolean {
    if (path.startsWith("/history/queued-")) return true;
    return !path.startsWith("/auth/") && (this.waiting > 0 || !this.reachable);
  }

  async answer(asked: Asked): Promise<Answer<unknown> | undefined> {
    return (await this.#open())?.answer(asked);
  }

  /** Notes whether the server could be reached; once it can again, what waits is sent. */
  reached(yes: boolean): void {
    if (yes === this.reachable) return;
    this.reachable = yes;
    clearTimeout(this.#back);
    if (!yes) return;
    const since = Date.now() - this.#cameBack;
    this.#back = setTimeout(() => this.#comeBack(), Math.max(0, SHORTEST_GAP_MS - since));
  }

  #comeBack(): void {
    this.#cameBack = Date.now();
    revision.changed();
    void this.sync();
  }

  /** Sends what waits and reads what moved. */
  async sync(): Promise<void> {
    this.#syncAt = Infinity;
    await (await this.#open())?.engine.sync();
  }

  /** Sends what waits; throws where something still waits afterwards. */
  async settle(): Promise<void> {
    if (this.waiting > 0) await this.sync();
    if (this.waiting === 0) return;
    throw new Problem(0, "Some changes here have not been sent yet. Switch once they are.");
  }

  /** Somebody has changed something: read on soon, and not for each of many changes. */
  heard(): void {
    this.#syncWithin(HEARD_WAIT_MS);
  }

  /** The server has answered a reading request. */
  read(asked: Asked, data: unknown): void {
    if (!this.#opened) return void (this.#me && this.#early.push([asked, data]));
    // A copy that another tab is just deleting takes nothing more.
    void this.#opened.then((standIn) => standIn?.remember(asked, data)).catch(() => undefined);
  }

  /** This page has changed something: its own copy should not miss it. */
  wrote(): void {
    this.#syncWithin(WROTE_WAIT_MS);
  }

  #syncWithin(milliseconds: number): void {
    const at = Date.now() + milliseconds;
    if (!this.#opened || at >= this.#syncAt) return;
    clearTimeout(this.#timer);
    this.#syncAt = at;
    this.#timer = setTimeout(() => void this.sync(), milliseconds);
  }

  async retry(id: string): Promise<void> {
    await (await this.#open())?.engine.retry(id);
  }

  async discard(id: string): Promise<void> {
    await (await this.#open())?.engine.discard(id);
  }

  /** Reads again how many conflicts wait to be looked at. */
  async countConflicts(): Promise<void> {
    try {
      this.conflicts = (await get<{ items: unknown[] }>("/sync/conflicts")).items.length;
    } catch {
      // The number can wait until the next time.
    }
  }

  /** Nobody is signed in any more. What was not sent is kept, unseen, for its author. */
  async lock(): Promise<void> {
    const isEmpty = readMark() !== null && this.unsent === 0;
    this.#forget();
    if (isEmpty) await this.#wipe();
  }

  /** Deletes everything of this app's users from this device. */
  async erase(): Promise<void> {
    this.#forget();
    await this.#wipe();
  }

  #forget(): void {
    this.#close();
    this.#me = undefined;
    localStorage.removeItem(MARK_KEY);
    this.waiting = this.conflicts = 0;
    this.refused = [];
  }

  async #wipe(except?: Me): Promise<void> {
    const { wipeShelves } = await import("./standin");
    await wipeShelves(except);
  }

  async #wake(): Promise<void> {
    const standIn = await this.#opened;
    if (!standIn) return;
    await standIn.replica.wake();
    this.#look(standIn);
    void standIn.engine.sync();
  }

  #open(): Promise<StandIn | undefined> {
    this.#opened ??= this.#load().catch(() => undefined);
    return this.#opened;
  }

  async #load(): Promise<StandIn | undefined> {
    const mark = readMark();
    if (!mark) return undefined;
    const { StandIn } = await import("./standin");
    if (this.#me) await this.#wipe(this.#me);
    // Another tab may be heard while this one still opens.
    let opened: StandIn | undefined;
    const standIn = (opened = await StandIn.open(mark.name, this.#me, {
      owned: () => readMark()?.name === mark.name,
      reachable: () => this.reachable,
      onsending: (sending) => (this.sending = sending),
      onconflict: () => void this.countConflicts(),
      onchange: () => opened && this.#look(opened),
    }));
    this.#look(standIn);
    for (const [asked, data] of this.#early.splice(0)) await standIn.remember(asked, data);
    void this.countConflicts();
    return standIn;
  }

  #look({ replica }: StandIn): void {
    const before = this.waiting;
    this.waiting = replica.waiting.length;
    this.refused = replica.refused;
    const mark = readMark();
    const complete = replica.facts.cursor !== null;
    if (mark) writeMark({ ...mark, waiting: this.waiting, complete });
    // What another tab did, or what the server made of it, shows on the page.
    if (before > 0 || this.waiting > 0 || !this.reachable) revision.changed();
  }

  #close(): void {
    this.#early = [];
    const opened = this.#opened;
    this.#opened = undefined;
    void opened?.then((standIn) => standIn?.engine.close());
  }
}

function writeMark(mark: Mark): void {
  localStorage.setItem(MARK_KEY, JSON.stringify(mark));
}

export const offline = new Offline();
whenUnreachable(offline);
