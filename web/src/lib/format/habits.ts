import type { Habit, HabitDay, Streak, Verdict } from "../api/types";
import { relativeDate, weekday } from "./when";
import { count, percent } from "./words";

/** How each verdict is said to people. */
export const VERDICTS: Record<Verdict, string> = {
  done: "done",
  partial: "partly done",
  missed: "missed",
  skipped: "skipped",
  paused: "paused",
  not_due: "not due",
  open: "open",
};

const WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"] as const;
// 1 January 2024 was a Monday.
const dayName = (index: number): string => weekday(`2024-01-0${index + 1}`, "long");

/** Names of the weekdays, Monday first, with the codes a rule has for them. */
export const WEEK = WEEKDAYS.map((code, index) => ({ code, name: dayName(index) }));

/** The weekdays of a plain weekly rule; null for any other rule. */
export function weekdaysOf(rule: string): string[] | null {
  const found = /^FREQ=WEEKLY(?:;WKST=[A-Z]{2})?;BYDAY=([A-Z,]+)(?:;WKST=[A-Z]{2})?$/.exec(rule);
  const days = found?.[1]?.split(",") ?? [];
  return days.length > 0 && days.every((day) => WEEK.some((each) => each.code === day))
    ? days
    : null;
}

/** A number without needless digits. */
export function plainNumber(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** "20 min", "8 glasses", "2". */
export function amountOf(value: number, habit: Pick<Habit, "unit">): string {
  return habit.unit ? `${plainNumber(value)} ${habit.unit}` : plainNumber(value);
}

type Asked = Pick<Habit, "type" | "target" | "unit" | "period" | "rolling_days" | "schedule">;

/** What a habit asks for, such as "3 times a week" or "at most 2 cups a day". */
export function obligation(habit: Asked): string {
  if (habit.type === "avoid") return "avoid it";
  const times = habit.schedule.kind === "quota" ? habit.schedule.times : 1;
  const what = {
    yes_no: times === 1 ? "once" : times === 2 ? "twice" : `${times} times`,
    at_least: amountOf(habit.target, habit),
    duration: amountOf(habit.target, habit),
    at_most: `at most ${amountOf(habit.target, habit)}`,
  }[habit.type];
  if (habit.schedule.kind === "rule") return `${what} ${ruleWords(habit.schedule.rule)}`;
  const often = {
    day: habit.type === "yes_no" && times === 1 ? "every day" : `${what} a day`,
    week: `${what} a week`,
    month: `${what} a month`,
    rolling: `${what} in any ${habit.rolling_days} days`,
  };
  return often[habit.period];
}

function ruleWords(rule: string): string {
  const days = weekdaysOf(rule);
  if (!days) return rule === "FREQ=DAILY" ? "each day" : "on the days of its rule";
  const names = WEEK.filter((day) => days.includes(day.code)).map((day) => day.name);
  return `each ${names.join(", ").replace(/, ([^,]+)$/, " and $1")}`;
}

/** "12 days", "1 week". */
export function streakWords(streak: Streak): string {
  return count(streak.current, streak.unit.slice(0, -1));
}

/** "12 days in a row"; nothing for none, and on a device that cannot count it yet, that. */
export function inARow(day: HabitDay): string {
  if (day.awaits_streak) return "streak after sync";
  return day.streak.current > 0 ? `${streakWords(day.streak)} in a row` : "";
}

/** What stands under a habit's name: strength first, then the streak, then what else matters. */
export function standing(day: HabitDay, today: string): string[] {
  const words = [`${percent(day.strength)} strong`];
  const streak = inARow(day);
  if (streak) words.push(streak);
  if (day.verdict === "skipped" || day.verdict === "paused") words.push(VERDICTS[day.verdict]);
  else if (day.rest_until) {
    // Rest is for who has done something; before that there is only time.
    const verb = day.reached >= day.need ? "rest" : "can wait";
    words.push(`${verb} until ${relativeDate(day.rest_until, today)}`);
  }
  return words;
}

/** How much one press of + records: a round part of what is needed. */
export function stepOf(need: number, type: Habit["type"]): number {
  if (type === "duration") return need <= 60 ? 5 : 15;
  if (need <= 20) return 1;
  const scale = 10 ** Math.floor(Math.log10(need / 10));
  return [1, 2, 5, 10].map((part) => part * scale).find((part) => need / part <= 20) ?? scale * 10;
}
