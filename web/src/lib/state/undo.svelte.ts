import { post } from "../api/client";
import { Problem } from "../api/problem";
import type { UndoResult } from "../api/types";
import { revision } from "./revision.svelte";
import { toasts, type ToastAction } from "./toasts.svelte";

let latest: string | null = null;
let afterUndo: (() => void) | null = null;

/** Lets Z undo a changeset that the page itself shows as saved. */
export function mayUndo(changeset: string | null): void {
  latest = changeset;
  afterUndo = null;
  revision.changed();
}

/** Says what was done, with an Undo button (and Z) for its changeset, and perhaps a way there. */
export function didUndoably(
  message: string,
  changeset: string | null,
  onUndone: (() => void) | null = null,
  open: (() => void) | null = null,
): void {
  latest = changeset;
  afterUndo = onUndone;
  revision.changed();
  const actions: ToastAction[] = open ? [{ label: "Open", run: open }] : [];
  if (changeset)
    actions.push({ label: "Undo", key: "Z", run: () => void undo(changeset, { onUndone }) });
  toasts.say(message, actions);
}

/** Undoes one changeset; where later edits stand in the way, offers to undo the rest. */
export async function undo(
  changeset: string,
  { partial = false, onUndone = null as (() => void) | null } = {},
): Promise<void> {
  if (latest === changeset) latest = null;
  toasts.clear();
  try {
    const { data } = await post<UndoResult>(`/history/${changeset}/undo`, { partial });
    onUndone?.();
    const redo = { label: "Redo", run: () => void redoChangeset(changeset) };
    toasts.say("Undone.", data.changeset_id ? [redo] : []);
  } catch (error) {
    offerTheRest(error, changeset, onUndone);
  }
  revision.release();
}

function offerTheRest(error: unknown, changeset: string, onUndone: (() => void) | null): void {
  if (!(error instanceof Problem) || error.conflicts.length === 0) return toasts.fail(error);
  const run = (): void => void undo(changeset, { partial: true, onUndone });
  toasts.say(error.detail, [{ label: "Undo the rest", run }], "error");
}

export async function redoChangeset(changeset: string): Promise<void> {
  toasts.clear();
  try {
    await post<UndoResult>(`/history/${changeset}/redo`);
    toasts.say("Done again.");
  } catch (error) {
    toasts.fail(error);
  }
  revision.release();
}

/** The Z key: the last thing done on this page, else this person's newest change anywhere. */
export async function undoLatest(): Promise<void> {
  if (latest) return undo(latest, { onUndone: afterUndo });
  try {
    await post<UndoResult>("/undo");
    toasts.say("Undone.", [{ label: "Redo", run: () => void redoLatest() }]);
  } catch (error) {
    toasts.fail(error);
  }
  revision.release();
}

export async function redoLatest(): Promise<void> {
  try {
    await post<UndoResult>("/redo");
    toasts.say("Done again.");
  } catch (error) {
    toasts.fail(error);
  }
  revision.release();
}
