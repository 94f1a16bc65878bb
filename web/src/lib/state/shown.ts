import type { Task } from "../api/types";
import { router } from "./router.svelte";

/** The tasks whose rows are on the screen, so that a key on a focused row finds its task. */
const shown = new Map<string, Task>();

export function show(task: Task): () => void {
  shown.set(task.id, task);
  return () => {
    if (shown.get(task.id) === task) shown.delete(task.id);
  };
}

export function shownTask(id: string): Task | undefined {
  return shown.get(id);
}

/** Opens the task dialog over the current page; `part` is the field to begin with. */
export function openTask(id: string, part?: string): void {
  router.set("task", part ? `${id}.${part}` : id);
}
