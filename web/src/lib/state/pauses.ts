import { patch, remove } from "../api/client";
import type { HabitPause } from "../api/types";
import { addDays } from "../format/when";
import { change } from "./change";
import { clock } from "./clock.svelte";

export const ofEverything = (pause: HabitPause): boolean => pause.habit_id === null;

export function runs(pause: HabitPause, today: string): boolean {
  return pause.first_day <= today && (pause.last_day === null || pause.last_day >= today);
}

/** Lets a pause end with yesterday; one that began today leaves no day behind. */
export function goOn({ id, first_day, version }: HabitPause): Promise<unknown> {
  const path = `/habit-pauses/${id}`;
  const words = "The pause is over; today counts again";
  if (first_day >= clock.today) return change(remove(path), words);
  return change(patch<HabitPause>(path, { last_day: addDays(clock.today, -1) }, version), words);
}
