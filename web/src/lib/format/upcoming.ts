import type { CalendarDay, Habit } from "../api/types";
import { obligation } from "./habits";

/** On so many of two weeks' days something stands in the way of what is rare. */
const OFTEN = 5;

/** Something that comes again and again, said once. */
export interface Recurring {
  id: string;
  title: string;
  /** How often, such as "every day". */
  words: string;
  /** Where it is kept; null where its next occurrence is not on these days. */
  path: string | null;
}

/**
 * What comes so often that its days need not name it: tasks and habits of most days, and habits
 * whose days are the person's to choose, which a calendar could only pin to the last possible ones.
 */
export function recurring(days: readonly CalendarDay[], habits: readonly Habit[]): Recurring[] {
  const known = new Map(habits.map((habit) => [habit.id, habit]));
  const next = new Map(
    days
      .flatMap((day) => day.tasks)
      .toReversed()
      .map((task) => [task.series_id, task.id]),
  );
  const found = new Map<string, Recurring & { times: number; often: boolean }>();
  for (const day of days) {
    for (const { series_id: id, title, text } of day.occurrences) {
      const task = next.get(id);
      const path = task ? `/upcoming?task=${task}` : null;
      const each = found.get(id) ?? { id, title, words: text ?? "", path, times: 0, often: false };
      found.set(id, { ...each, times: each.times + 1 });
    }
    for (const { id, title } of day.habits) {
      const habit = known.get(id);
      const words = habit ? obligation(habit) : "";
      const often = habit !== undefined && habit.period !== "day";
      const each = found.get(id) ?? { id, title, words, path: `/habits/${id}`, times: 0, often };
      found.set(id, { ...each, times: each.times + 1 });
    }
  }
  return [...found.values()].filter((each) => each.often || each.times >= OFTEN);
}

/** A day without these. */
export function without(day: CalendarDay, left: ReadonlySet<string>): CalendarDay {
  return {
    ...day,
    occurrences: day.occurrences.filter((each) => !left.has(each.series_id)),
    habits: day.habits.filter((each) => !left.has(each.id)),
  };
}
