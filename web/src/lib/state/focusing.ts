import { post } from "../api/client";
import type { FocusSession, FocusStarted } from "../api/types";
import { lengthInWords, subjectOf } from "../format/focus";
import { change } from "./change";
import { toasts } from "./toasts.svelte";
import { didUndoably } from "./undo.svelte";

type Subject = { task_id?: string; habit_id?: string; note?: string };

/** Starts the timer, and says which one it stopped. */
export async function startTimer(subject: Subject): Promise<void> {
  try {
    const { data, changeset } = await post<FocusStarted>("/focus/start", subject);
    const { stopped } = data;
    const ended = stopped
      ? `; “${subjectOf(stopped)}” stopped after ${lengthInWords(stopped.seconds)}`
      : "";
    didUndoably(`Timer started${ended}`, changeset);
  } catch (error) {
    toasts.fail(error);
  }
}

export async function turnTimer(verb: "pause" | "resume" | "stop"): Promise<void> {
  const said = { pause: "Timer paused", resume: "Timer goes on", stop: "Timer stopped" }[verb];
  await change(post<FocusSession>(`/focus/${verb}`), said);
}
