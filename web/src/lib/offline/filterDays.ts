/** Days as filters name them: `today`, `mon`, `eom`, `+7d`, `2026-12-01`, as the server counts them. */
import { entry } from "../format/tables";
import { addDays } from "../format/when";
import { weekdayOf } from "./recurrence";

const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const LONG = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const SHORT: Record<string, string> = { tod: "today", tom: "tomorrow", tmr: "tomorrow" };
const [EARLIEST, LATEST] = ["1900-01-01", "2200-12-31"];

export interface Present {
  today: string;
  /** Monday is 0. */
  weekStart: number;
}

/** The date a text names, or null; a weekday is the coming one, or with `past` the last one. */
export function dayCalled(text: string, { today, weekStart }: Present, past = false): string | null {
  const said = text.toLowerCase();
  const word = entry(SHORT, said) ?? WEEKDAYS[LONG.indexOf(said)] ?? said;
  const weekday = weekdayOf(today);
  const sinceWeekBegan = (weekday - weekStart + 7) % 7;
  const wanted = WEEKDAYS.indexOf(word);
  if (wanted >= 0) {
    const ahead = (wanted - weekday + 7) % 7;
    return addDays(today, past && ahead > 0 ? ahead - 7 : ahead);
  }
  const named: Record<string, string> = {
    today,
    tomorrow: addDays(today, 1),
    yesterday: addDays(today, -1),
    sow: addDays(today, -sinceWeekBegan),
    eow: addDays(today, 6 - sinceWeekBegan),
    som: `${today.slice(0, 7)}-01`,
    eom: lastOfMonth(Number(today.slice(0, 4)), Number(today.slice(5, 7))),
    soy: `${today.slice(0, 4)}-01-01`,
    eoy: `${today.slice(0, 4)}-12-31`,
  };
  const known = entry(named, word);
  if (known) return known;
  const distance = /^([+-]\d{1,4})([dwmy])$/.exec(word);
  if (distance) return away(today, Number(distance[1]), distance[2]!);
  if (!/^\d{4}-\d\d-\d\d$/.test(word) || word < EARLIEST! || word > LATEST!) return null;
  const day = new Date(`${word}T00:00:00Z`);
  return Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== word ? null : word;
}

function away(today: string, amount: number, unit: string): string {
  if (unit === "d" || unit === "w") return kept(addDays(today, amount * (unit === "w" ? 7 : 1)));
  const months =
    Number(today.slice(0, 4)) * 12 + Number(today.slice(5, 7)) - 1 + amount * (unit === "y" ? 12 : 1);
  const year = Math.floor(months / 12);
  if (year < 1900 || year > 2200) return amount < 0 ? EARLIEST! : LATEST!;
  const last = lastOfMonth(year, (months % 12) + 1);
  const same = `${last.slice(0, 8)}${today.slice(8)}`;
  return same < last ? same : last;
}

function lastOfMonth(year: number, month: number): string {
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
}

function kept(day: string): string {
  if (/^\d{4}-/.test(day)) return day < EARLIEST! ? EARLIEST! : day > LATEST! ? LATEST! : day;
  return day.startsWith("-") ? EARLIEST! : LATEST!;
}
