import { SvelteMap } from "svelte/reactivity";
import { list, patch, post, remove, type Answer } from "../api/client";
import type { Page, Task, TaskDraft, When } from "../api/types";
import { newId } from "../api/ids";
import { relativeWhen } from "../format/when";
import { clock } from "./clock.svelte";
import { library } from "./library.svelte";
import { revision } from "./revision.svelte";
import { session } from "./session.svelte";
import { openTask } from "./shown";
import { toasts } from "./toasts.svelte";
import { didUndoably, mayUndo } from "./undo.svelte";

/** How long a ticked row stays where it is before the lists are read again. */
const SETTLE_MS = 1_600;

/** Ticks that the server has not yet confirmed in a list, by task; newer rows win over them. */
const ticks = new SvelteMap<string, { done: boolean; version: number }>();

export function isDone(task: Task): boolean {
  const tick = ticks.get(task.id);
  if (tick && task.version <= tick.version) return tick.done;
  return task.state === "done";
}

/** Completes or reopens at once on the screen, and takes it back if the server refuses. */
export async function toggleDone(task: Task): Promise<void> {
  const done = !isDone(task);
  ticks.set(task.id, { done, version: task.version });
  revision.hold(SETTLE_MS);
  try {
    const verb = done ? "complete" : "reopen";
    const { data, changeset } = await post<Task>(`/tasks/${task.id}/${verb}`);
    const next = data.awaits_next ? "; the next one comes after sync" : "";
    const message = done ? `Completed “${task.title}”${next}` : `Reopened “${task.title}”`;
    didUndoably(message, changeset, () => ticks.delete(task.id));
  } catch (error) {
    ticks.delete(task.id);
    toasts.fail(error);
    revision.release();
  }
}

/** The open tasks of a place, then its done ones. */
export async function listAll(place: Record<string, string>): Promise<Task[]> {
  const [open, done] = await Promise.all([
    list<Task>("/tasks", { ...place, completed: false }),
    list<Task>("/tasks", { ...place, completed: true }),
  ]);
  return [...open, ...done];
}

/** Where a task went, such as "to Health for tomorrow". */
function whereTo({ parent_id, project_id, goal_id, area_id, due, start, state }: Task): string {
  const name =
    library.project(project_id)?.name ?? library.goal(goal_id)?.title ?? library.area(area_id)?.name;
  const place = parent_id ? "as a subtask" : name && `to “${name}”`;
  const when = (date: When): string => relativeWhen(date, clock.today, session.zone);
  if (!place && !due && !start && state === "inbox") return " to the inbox";
  return [place, due ? `for ${when(due)}` : start && `from ${when(start)} on`]
    .map((part) => (part ? ` ${part}` : ""))
    .join("");
}

/** Says what was added and where it went, with a way there and a way back. */
export function didAdd(task: Task, changeset: string | null): void {
  const open = (): void => openTask(task.id);
  didUndoably(`Added “${task.title}”${whereTo(task)}`, changeset, null, open);
}

export async function addTask(draft: TaskDraft): Promise<Task | null> {
  try {
    const { data, changeset } = await post<Task>("/tasks", { id: newId(), ...draft });
    didAdd(data, changeset);
    return data;
  } catch (error) {
    toasts.fail(error);
    return null;
  }
}

/** Saves changed fields; throws the Problem so that a form can show it by its field. */
export async function updateTask(id: string, fields: Partial<TaskDraft>): Promise<Answer<Task>> {
  const answer = await patch<Task>(`/tasks/${id}`, fields);
  mayUndo(answer.changeset);
  return answer;
}

/** Moves a task and its subtasks to another goal, project, phase or area. */
export async function moveTask(id: string, place: Partial<TaskDraft>): Promise<Answer<Task>> {
  const answer = await post<Task>(`/tasks/${id}/move`, place);
  mayUndo(answer.changeset);
  return answer;
}

/** Of a repeating task one occurrence goes, or with `all` whatever is open and yet to come. */
export async function deleteTask(task: Task, scope?: "this" | "all"): Promise<boolean> {
  try {
    const { changeset } = await remove(`/tasks/${task.id}${scope === "all" ? "?scope=all" : ""}`);
    didUndoably(`Moved “${task.title}” to the trash`, changeset);
    return true;
  } catch (error) {
    toasts.fail(error);
    return false;
  }
}

export type BulkAction =
  | { kind: "complete" | "reopen" | "delete" | "restore" | "archive" }
  | { kind: "update"; fields: Partial<TaskDraft> & { labels_add?: string[]; labels_remove?: string[] } }
  | { kind: "reschedule"; date: string }
  | { kind: "move"; project_id?: string | null; goal_id?: string | null; area_id?: string | null };

/** One change to many tasks: all or nothing, undone as one. */
export async function changeTasks(
  ids: string[],
  action: BulkAction,
  message: string,
): Promise<boolean> {
  try {
    const { changeset } = await post<Page<Task>>("/tasks/bulk", { task_ids: ids, action });
    didUndoably(message, changeset);
    return true;
  } catch (error) {
    toasts.fail(error);
    return false;
  }
}
