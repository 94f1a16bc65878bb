const ROWS = "main [data-row]";

let lastIndex = 0;

export function rows(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>(ROWS)];
}

/** The tasks whose rows are on the screen, from the top. */
export function taskRows(): string[] {
  return rows().flatMap((row) => row.dataset.task ?? []);
}

export function focusedRow(): HTMLElement | null {
  return document.activeElement?.closest("[data-row-frame]")?.querySelector("[data-row]") ?? null;
}

/** Moves the focus along the rows; after a row has gone it goes on from where that row was. */
export function moveFocus(step: 1 | -1): void {
  const all = rows();
  if (all.length === 0) return;
  const current = focusedRow();
  const at = current ? all.indexOf(current) : step > 0 ? lastIndex - 1 : lastIndex;
  lastIndex = Math.min(all.length - 1, Math.max(0, at + step));
  const target = all[lastIndex]!;
  target.focus();
  target.scrollIntoView({ block: "nearest" });
}

document.addEventListener("focusin", () => {
  const row = focusedRow();
  if (row) lastIndex = Math.max(0, rows().indexOf(row));
});
