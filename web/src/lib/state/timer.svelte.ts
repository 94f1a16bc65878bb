import type { Component } from "svelte";
import { get } from "../api/client";
import type { FocusNow } from "../api/types";
import { useResource, type Resource } from "./resource.svelte";

interface Timer {
  now: FocusNow;
  /** What shows it, loaded only while there is a timer, or one that was forgotten. */
  Pill: Component<{ now: FocusNow }> | null;
}

export const timerNow = (): Promise<FocusNow> => get<FocusNow>("/focus/now");

/** My one timer, wherever it was started. */
export function useTimer(): Resource<Timer> {
  return useResource("focus-now", async () => {
    const now = await timerNow();
    const asks = now.session !== null || now.unsure > 0;
    const Pill = asks ? (await import("../ui/focus/TimerPill.svelte")).default : null;
    return { now, Pill };
  });
}
