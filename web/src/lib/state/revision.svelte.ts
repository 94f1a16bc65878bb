const COALESCE_MS = 60;
/** Between two readings that others' changes ask for: at first, and while they go on and on. */
const SHORTEST_GAP_MS = 1_000;
const LONGEST_GAP_MS = 8_000;

/** One number that grows when anything on the server may have changed; pages reload on it. */
class Revision {
  value = $state(0);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #dueAt = Infinity;
  #heldUntil = 0;
  #grewAt = 0;
  #gap = SHORTEST_GAP_MS;

  /** This page changed something: read again at once. */
  changed(): void {
    this.#growAt(Math.max(Date.now() + COALESCE_MS, this.#heldUntil));
  }

  /**
   * Somebody changed something: read again soon, but a stream of changes only now and then. What
   * comes at the pace of a hand, some seconds apart, is no stream.
   */
  heard(): void {
    const now = Date.now();
    const quiet = now - this.#grewAt > 2 * this.#gap;
    const longer = Math.min(this.#gap * 2, LONGEST_GAP_MS);
    if (this.#dueAt === Infinity) this.#gap = quiet ? SHORTEST_GAP_MS : longer;
    const soon = Math.max(now + COALESCE_MS, this.#heldUntil, this.#grewAt + this.#gap);
    this.#growAt(Math.max(this.#heldUntil, Math.min(this.#dueAt, soon)));
  }

  /** Keeps the page still for a moment, so that a ticked row does not jump away. */
  hold(milliseconds: number): void {
    this.#heldUntil = Date.now() + milliseconds;
  }

  release(): void {
    this.#heldUntil = 0;
    this.changed();
  }

  #growAt(instant: number): void {
    clearTimeout(this.#timer);
    this.#dueAt = instant;
    this.#timer = setTimeout(() => this.#grow(), instant - Date.now());
  }

  #grow(): void {
    this.#dueAt = Infinity;
    this.#grewAt = Date.now();
    this.value += 1;
  }
}

export const revision = new Revision();
