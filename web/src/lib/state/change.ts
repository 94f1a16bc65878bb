import type { Answer } from "../api/client";
import { toasts } from "./toasts.svelte";
import { didUndoably } from "./undo.svelte";

/** Waits for one change and says it with an Undo; a refusal is told, and answers null. */
export async function change<T>(work: Promise<Answer<T>>, message: string): Promise<T | null> {
  try {
    const { data, changeset } = await work;
    didUndoably(message, changeset);
    return data ?? (true as T);
  } catch (error) {
    toasts.fail(error);
    return null;
  }
}

/** The fields of `after` that differ from `before`, for a merge patch that touches no others. */
export function changedFields<T extends object>(before: T, after: Partial<T>): Partial<T> {
  const pairs = Object.entries(after) as [keyof T, T[keyof T]][];
  const differs = ([name, value]: [keyof T, T[keyof T]]): boolean =>
    JSON.stringify(value) !== JSON.stringify(before[name]);
  return Object.fromEntries(pairs.filter(differs)) as Partial<T>;
}
