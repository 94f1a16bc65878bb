import { post } from "../api/client";
import type { TodaysNudge } from "../api/types";
import { useResource, type Resource } from "./resource.svelte";

/** The one thing the built-in coach says today; for guests, and where it cannot, nothing. */
export function useNudge(): Resource<TodaysNudge> {
  return useResource("nudges-today", async () => (await post<TodaysNudge>("/nudges/today")).data);
}
