/** The habits of a day as the server last judged them, with what was recorded here since. */
import type { Habit, HabitDay, HabitDayList, Today } from "../api/types";
import type { World } from "./world";

export function showHabits(world: World, date: string): HabitDayList | undefined {
  const seen = lastJudged(world);
  if (!seen) return undefined;
  const habits = seen.habits.map((day) => judged(world, day, date, seen.date === date));
  const done = habits.filter((day) => day.verdict === "done").length;
  return { date, habits, ring: { ...seen.ring, done } };
}

/** The server says it in two places; what it said last holds. */
function lastJudged(world: World): HabitDayList | undefined {
  const list = world.find("answer", "/habits/today");
  const today = world.find("answer", "/today");
  if (!today || (list && list.at > today.at)) return list?.data as HabitDayList | undefined;
  const { date, habits, rings } = today.data as Today;
  return { date, habits, ring: rings.habits };
}

/** A day with its records of now; only a day that has changed here is judged anew. */
function judged(world: World, seen: HabitDay, date: string, isSameDay: boolean): HabitDay {
  const habit = { ...seen.habit, ...world.find("habit", seen.habit.id) };
  const records = world
    .all("check_in")
    .filter((record) => record.habit_id === habit.id && record.day === date)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const before = isSameDay ? seen.check_ins : [];
  const isKnown = records.map(({ id }) => id).join() === before.map(({ id }) => id).join();
  if (isSameDay && isKnown) return { ...seen, habit };
  const logs = records.filter((record) => record.kind === "log");
  const amount = logs.reduce((sum, record) => sum + record.amount, 0);
  const gained = amount - (isSameDay ? seen.amount : 0);
  const skipped = logs.length < records.length;
  return {
    ...seen,
    habit,
    amount,
    reached: Math.max(0, (isSameDay || habit.period !== "day" ? seen.reached : 0) + gained),
    verdict: verdictOf(habit, amount, logs.some((record) => record.amount === 0), skipped),
    awaits_streak: true,
    unrecorded: isSameDay ? seen.unrecorded : null,
    check_ins: records,
  };
}

/** The verdict of a running day; of longer periods the server knows more. */
function verdictOf(
  habit: Habit,
  amount: number,
  isConfirmed: boolean,
  skipped: boolean,
): HabitDay["verdict"] {
  if (habit.type === "avoid" || habit.type === "at_most") {
    if (amount > habit.target) return "missed";
    // While the day runs a limit can still be passed; who is through with it says so.
    return isConfirmed ? "done" : "open";
  }
  const times = habit.type === "yes_no" && habit.schedule.kind === "quota" ? habit.schedule.times : 1;
  const need = Math.max(habit.target, times);
  if (amount >= (habit.period === "day" ? need : Math.min(1, habit.target))) return "done";
  return skipped ? "skipped" : "open";
}
