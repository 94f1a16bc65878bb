import { post, remove } from "../api/client";
import type { CheckIn, Habit, HabitDay } from "../api/types";
import { amountOf } from "../format/habits";
import { change } from "./change";

const records = (habit: Habit, id = ""): string => `/habits/${habit.id}/check-ins${id && `/${id}`}`;

/** Records a tick, or an amount, for a day; without a day for today. */
export function check(habit: Habit, amount?: number, day?: string): Promise<CheckIn | null> {
  const words = amount ? `Recorded ${amountOf(amount, habit)}` : "Checked";
  return change(post<CheckIn>(records(habit), { amount, day }), `${words}: “${habit.title}”`);
}

export function skip(habit: Habit, reason = "", day?: string): Promise<CheckIn | null> {
  const path = `/habits/${habit.id}/skip`;
  return change(post<CheckIn>(path, { reason, day }), `Skipped “${habit.title}”`);
}

/** Takes one record of a habit back. */
export function uncheck(habit: Habit, id: string): Promise<unknown> {
  return change(remove(records(habit, id)), `Took a record of “${habit.title}” back`);
}

/** Whether the row's box is ticked: a clean day of something avoided is one too. */
export function isTicked(day: HabitDay): boolean {
  return day.verdict === "done";
}

/** Ticks a habit for its day, or takes the last tick back. */
export function toggle(day: HabitDay): Promise<unknown> {
  const logs = day.check_ins.filter((record) => record.kind === "log");
  const last = logs.at(-1);
  if (isTicked(day) && last) return uncheck(day.habit, last.id);
  return check(day.habit, day.habit.type === "avoid" ? 0 : undefined);
}

/** Skips a habit's day, or takes the skip back. */
export function toggleSkip(day: HabitDay): Promise<unknown> {
  const skipped = day.check_ins.find((record) => record.kind === "skip");
  return skipped ? uncheck(day.habit, skipped.id) : skip(day.habit);
}
