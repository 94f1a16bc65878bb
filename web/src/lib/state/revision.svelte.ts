const COALESCE_MS = 60;

/** One number that grows when anything on the server may have changed; pages reload on it. */
class Revision {
  value = $state(0);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #heldUntil = 0;

  changed(): void {
    clearTimeout(this.#timer);
    const wait = Math.max(COALESCE_MS, this.#heldUntil - Date.now());
    this.#timer = setTimeout(() => (this.value += 1), wait);
  }

  /** Keeps the page still for a moment, so that a ticked row does not jump away. */
  hold(milliseconds: number): void {
    this.#heldUntil = Date.now() + milliseconds;
  }

  release(): void {
    this.#heldUntil = 0;
    this.changed();
  }
}

export const revision = new Revision();
