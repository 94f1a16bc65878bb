import type { Component } from "svelte";
import { post } from "../api/client";
import type { Nudge, TodaysNudge } from "../api/types";
import { useResource, type Resource } from "./resource.svelte";

interface Said {
  nudge: Nudge | null;
  /** What shows it, loaded only where there is something to show: on most days there is not. */
  Line: Component<{ nudge: Nudge }> | null;
}

/** The one thing the built-in coach says today; for guests, and where it cannot, nothing. */
export function useNudge(): Resource<Said> {
  return useResource("nudges-today", async () => {
    const { nudge } = (await post<TodaysNudge>("/nudges/today")).data;
    const Line = nudge && (await import("../ui/coach/NudgeLine.svelte")).default;
    return { nudge, Line };
  });
}
