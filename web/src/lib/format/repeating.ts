import type { RepeatDraft } from "../api/types";
import { weekday } from "./when";

/** RRULE's weekdays in the order of its numbers, Monday first. */
export const WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"] as const;
export const UNITS = { DAILY: "day", WEEKLY: "week", MONTHLY: "month", YEARLY: "year" } as const;
export type Unit = keyof typeof UNITS;

/** When a rule ends: never, on a day, or after so many times. */
export interface End {
  until?: string;
  count?: number;
}

/** A rule somebody puts together: every so many units, on these weekdays. */
export interface Custom {
  interval: number;
  unit: Unit;
  days: string[];
}

export interface Preset {
  rule: string;
  name: string;
}

const ORDINALS = ["first", "second", "third", "fourth", "fifth"];

function parts(date: string): { month: number; day: number; left: number; name: string } {
  const [year, month, day] = date.split("-").map(Number) as [number, number, number];
  const length = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return { month, day, left: length - day, name: weekday(date) };
}

/** RRULE's word for the weekday of a date. */
export function weekdayOf(date: string): string {
  return WEEKDAYS[(new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7]!;
}

function endings(number: number): string {
  const teens = number % 100 > 10 && number % 100 < 14;
  return `${number}${teens ? "th" : (["th", "st", "nd", "rd"][number % 10] ?? "th")}`;
}

/** The day of a month; the end of a month is clamped, as the server writes it. */
function monthly(day: number): string {
  const days = Array.from({ length: day - 27 }, (_, number) => 28 + number);
  return day > 28 ? `BYMONTHDAY=${days.join(",")};BYSETPOS=-1` : `BYMONTHDAY=${day}`;
}

/** What is offered for a task that is due on this date, as the server writes these rules. */
export function presetsFor(due: string): Preset[] {
  const { month, day, left, name } = parts(due);
  const which = left < 7 ? -1 : Math.ceil(day / 7);
  const place = which < 0 ? "last" : ORDINALS[which - 1];
  const leapDay = month === 2 && day === 29;
  const date = leapDay ? monthly(day) : `BYMONTHDAY=${day}`;
  const monthName = new Intl.DateTimeFormat("en-GB", { month: "long", timeZone: "UTC" });
  return [
    { rule: "FREQ=DAILY", name: "Every day" },
    { rule: "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", name: "Every workday" },
    { rule: `FREQ=WEEKLY;BYDAY=${weekdayOf(due)}`, name: `Every week on ${name}` },
    { rule: `FREQ=MONTHLY;${monthly(day)}`, name: `Every month on the ${endings(day)}` },
    {
      rule: `FREQ=MONTHLY;BYDAY=${which}${weekdayOf(due)}`,
      name: `Every month on the ${place} ${name}`,
    },
    {
      rule: `FREQ=YEARLY;BYMONTH=${month};${date}`,
      name: `Every year on ${day} ${monthName.format(new Date(`${due}T00:00:00Z`))}`,
    },
  ];
}

/** A rule without its end, and the end apart. */
export function splitEnd(rule: string): { base: string; end: End } {
  const end: End = {};
  const kept = rule.split(";").filter((part) => {
    const [key, value = ""] = part.split("=");
    if (key === "COUNT") end.count = Number(value);
    else if (key === "UNTIL")
      end.until = `${value.slice(0, 4)}-${value.slice(4, 6)}-${value.slice(6, 8)}`;
    else return true;
    return false;
  });
  return { base: kept.join(";"), end };
}

export function joinEnd(base: string, end: End): string {
  if (end.until) return `${base};UNTIL=${end.until.replaceAll("-", "")}`;
  return end.count ? `${base};COUNT=${end.count}` : base;
}

/** The rule of a choice of unit, number and weekdays; what is left out comes from the date. */
export function customRule({ interval, unit, days }: Custom): string {
  const chosen = WEEKDAYS.filter((day) => days.includes(day));
  const byDay = unit === "WEEKLY" && chosen.length > 0 ? `;BYDAY=${chosen.join(",")}` : "";
  return `FREQ=${unit}${interval > 1 ? `;INTERVAL=${interval}` : ""}${byDay}`;
}

/** Reads a rule back into such a choice, as far as it is one. */
export function readCustom(rule: string, due: string): Custom {
  const given = new Map(rule.split(";").map((part) => part.split("=") as [string, string]));
  const unit = given.get("FREQ") ?? "";
  return {
    interval: Number(given.get("INTERVAL") ?? 1),
    unit: unit in UNITS ? (unit as Unit) : "DAILY",
    days: given.get("BYDAY")?.match(/(MO|TU|WE|TH|FR|SA|SU)/g) ?? [weekdayOf(due)],
  };
}

/** Only the interval of a rule: what can be counted from the day something was done. */
export function plainRule(rule: string): string {
  const plain = rule.split(";").filter((part) => /^(FREQ|INTERVAL|UNTIL|COUNT)=/.test(part));
  return plain.join(";");
}

/** The same repetition counted the other way; a rule by dates becomes its interval. */
export function counted(repeat: RepeatDraft, mode: RepeatDraft["mode"]): RepeatDraft {
  return { rule: mode === "completion" ? plainRule(repeat.rule) : repeat.rule, mode };
}
