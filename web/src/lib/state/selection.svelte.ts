import { SvelteSet } from "svelte/reactivity";

/** Rows picked for one change to many; a range runs along the rows on the screen. */
class Selection {
  ids = new SvelteSet<string>();
  #last: string | undefined;

  toggle(id: string): void {
    if (!this.ids.delete(id)) this.ids.add(id);
    this.#last = id;
  }

  extend(id: string, order: string[]): void {
    const from = this.#last === undefined ? -1 : order.indexOf(this.#last);
    const to = order.indexOf(id);
    if (from < 0 || to < 0) return this.toggle(id);
    for (const row of order.slice(Math.min(from, to), Math.max(from, to) + 1)) this.ids.add(row);
    this.#last = id;
  }

  clear(): void {
    this.ids.clear();
    this.#last = undefined;
  }
}

export const selection = new Selection();
