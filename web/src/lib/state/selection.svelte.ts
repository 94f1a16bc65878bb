import { SvelteSet } from "svelte/reactivity";
import { taskRows } from "../keys/rows";

/** How long a finger rests on a row until that is picked. */
const HOLD_MS = 500;

/** Rows picked for one change to many; a range runs along the rows on the screen. */
class Selection {
  ids = new SvelteSet<string>();
  /** Whether a finger has just picked a row: lifting it is no tap. */
  held = false;
  #last: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  toggle(id: string): void {
    if (!this.ids.delete(id)) this.ids.add(id);
    this.#last = id;
  }

  extend(id: string): void {
    const order = taskRows();
    const from = this.#last === undefined ? -1 : order.indexOf(this.#last);
    const to = order.indexOf(id);
    if (from < 0 || to < 0) return this.toggle(id);
    for (const row of order.slice(Math.min(from, to), Math.max(from, to) + 1)) this.ids.add(row);
    this.#last = id;
  }

  /** Whether a click on a row picks it: with Ctrl, Cmd or Shift, and once any row is picked. */
  takes(event: MouseEvent, id: string): boolean {
    if (this.held) return true;
    // The Enter key opens the row, whatever is picked.
    const byPointer = event.detail > 0;
    const wanted = event.ctrlKey || event.metaKey || event.shiftKey || this.ids.size > 0;
    if (!byPointer || !wanted) return false;
    if (event.shiftKey) this.extend(id);
    else this.toggle(id);
    return true;
  }

  /** A finger is put on a row; where it rests, it picks. */
  press(event: PointerEvent, id: string): void {
    this.lift();
    this.held = false;
    if (event.pointerType !== "touch") return;
    this.#timer = setTimeout(() => {
      this.held = true;
      this.toggle(id);
    }, HOLD_MS);
  }

  /** The finger is lifted, or moves the page. */
  lift(): void {
    clearTimeout(this.#timer);
  }

  clear(): void {
    this.ids.clear();
    this.#last = undefined;
  }
}

export const selection = new Selection();
