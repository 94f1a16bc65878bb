import { post } from "../api/client";
import { change } from "./change";

/** The tasks of the hand-ordered list on the screen that shows this one, top to bottom. */
function neighbours(id: string): string[] {
  const row = document.querySelector(`[data-ordered] [data-task="${CSS.escape(id)}"]`);
  const rows = row?.closest("[data-ordered]")?.querySelectorAll<HTMLElement>("[data-task]") ?? [];
  return [...rows].flatMap((each) => each.dataset.task ?? []);
}

/** Whether a step leads somewhere: the list is ordered by hand and goes on that way. */
export function mayMove(id: string, step: 1 | -1): boolean {
  const all = neighbours(id);
  const at = all.indexOf(id);
  return at >= 0 && all[at + step] !== undefined;
}

/** Moves a task one row up or down in its list; false where there is no such row. */
export async function moveBy(id: string, step: 1 | -1): Promise<boolean> {
  if (!mayMove(id, step)) return false;
  const all = neighbours(id);
  const at = all.indexOf(id);
  const after = step > 0 ? all[at + 1] : (all[at - 2] ?? null);
  const moved = change(post(`/tasks/${id}/move`, { after_id: after }), "Moved");
  return (await moved) !== null;
}
