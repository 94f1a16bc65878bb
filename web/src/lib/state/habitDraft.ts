import type { Habit, HabitSchedule } from "../api/types";
import { weekdaysOf } from "../format/habits";

type Type = Habit["type"];
type Often = "day" | "weekdays" | "week" | "month" | "rolling" | "rule";

/** A habit as the form edits it: numbers as typed, and one word for how often. */
export interface HabitDraft {
  title: string;
  description: string;
  type: Type;
  target: string;
  unit: string;
  often: Often;
  times: string;
  rolling: string;
  weekdays: string[];
  rule: string;
  window: Habit["window"];
  area: string;
  goal: string;
  worth: string;
  /** Wall times of each day. */
  reminders: string[];
  forgiving: boolean;
  /** How many forgotten days a month are forgiven. */
  budget: string;
  /** How many hours a day can still be recorded once it is over. */
  grace: string;
}

export function measured(type: Type): boolean {
  return type === "at_least" || type === "duration" || type === "at_most";
}

/** The choices of how often, with their names; a rule of another kind stays one of them. */
export function often(type: Type, keepsRule: boolean): [Often, string][] {
  const each = type === "yes_no" ? "So many times" : measured(type) ? "In all" : "All of";
  return [
    ["day", type === "yes_no" ? "Every day" : "For each day"],
    ["weekdays", "On certain weekdays"],
    ["week", `${each} a week`],
    ["month", `${each} a month`],
    ["rolling", "In any so many days"],
    ...(keepsRule ? ([["rule", "On the days of its rule"]] as [Often, string][]) : []),
  ];
}

function oftenOf(habit: Habit): Often {
  if (habit.schedule.kind === "quota") return habit.period;
  return weekdaysOf(habit.schedule.rule) ? "weekdays" : "rule";
}

export function draftOf(habit?: Habit): HabitDraft {
  const schedule = habit?.schedule;
  const rule = schedule?.kind === "rule" ? schedule.rule : "";
  return {
    title: habit?.title ?? "",
    description: habit?.description ?? "",
    type: habit?.type ?? "yes_no",
    target: habit ? String(habit.target) : "",
    unit: habit?.unit ?? "",
    often: habit ? oftenOf(habit) : "day",
    times: schedule?.kind === "quota" ? String(schedule.times) : "1",
    rolling: String(habit?.rolling_days ?? 7),
    weekdays: weekdaysOf(rule) ?? ["MO"],
    rule,
    window: habit?.window ?? "anytime",
    area: habit?.area_id ?? "",
    goal: habit?.goal_id ?? "",
    worth: String(habit?.goal_amount ?? 1),
    reminders: [...(habit?.reminder_times ?? [])],
    forgiving: habit?.auto_skip ?? false,
    budget: String(habit?.skip_budget ?? 2),
    grace: String(habit?.grace_hours ?? 12),
  };
}

function scheduleOf(draft: HabitDraft): HabitSchedule {
  if (draft.often === "rule") return { kind: "rule", rule: draft.rule };
  if (draft.often === "weekdays")
    return { kind: "rule", rule: `FREQ=WEEKLY;BYDAY=${draft.weekdays.join(",")}` };
  return { kind: "quota", times: draft.type === "yes_no" ? Number(draft.times) : 1 };
}

/** What the server is sent. */
export function fieldsOf(draft: HabitDraft) {
  const byRule = draft.often === "weekdays" || draft.often === "rule";
  return {
    title: draft.title.trim(),
    description: draft.description,
    type: draft.type,
    ...(measured(draft.type) ? { target: Number(draft.target) } : {}),
    unit: draft.type === "duration" ? "min" : measured(draft.type) ? draft.unit.trim() : "",
    period: byRule ? ("day" as const) : (draft.often as Habit["period"]),
    rolling_days: draft.often === "rolling" ? Number(draft.rolling) : null,
    schedule: scheduleOf(draft),
    window: draft.window,
    area_id: draft.area || null,
    goal_id: draft.goal || null,
    goal_amount: Number(draft.worth) || 1,
    reminder_times: [...new Set(draft.reminders.filter(Boolean))].sort(),
    auto_skip: draft.forgiving,
    skip_budget: Number(draft.budget),
    grace_hours: Number(draft.grace),
  };
}
