/**
 * What comes after an occurrence, by the server's rules (`planning/recurrence`); both are held to
 * the same vectors. Rules by week numbers or by hours are left to the server: `null` says that
 * nothing comes, `undefined` that it is not known here.
 */
import { addDays, daysBetween } from "../format/when";

export interface Repetition {
  rule: string;
  /** The first slot. A slot is a local date, or a wall time such as 2027-03-01T09:00. */
  anchor: string;
  mode: "schedule" | "completion";
  catch_up: "collapse" | "one" | "all";
  exdates: readonly string[];
  rdates: readonly string[];
}

type Slot = string;
type Weekday = [which: number, weekday: number];

interface Rule {
  frequency: "DAILY" | "WEEKLY" | "MONTHLY" | "YEARLY";
  interval: number;
  months: number[];
  yearDays: number[];
  monthDays: number[];
  weekdays: Weekday[];
  positions: number[];
  weekStart: number;
  until: string | null;
  count: number | null;
}

const NAMES = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
const KNOWN = /^(FREQ|INTERVAL|BYMONTH|BYYEARDAY|BYMONTHDAY|BYDAY|BYSETPOS|WKST|UNTIL|COUNT)$/;
/** How many periods in a row may be empty before a rule is taken to have ended. */
const PATIENCE = { DAILY: 12_000, WEEKLY: 450, MONTHLY: 100, YEARLY: 40 };
const LAST_DAY = "2200-12-31";
const MOST_TRIES = 10_000;

/** Reads a rule as the server writes it. */
function read(text: string): Rule | undefined {
  const given = new Map(text.split(";").map((part) => part.split("=") as [string, string]));
  const frequency = given.get("FREQ") as Rule["frequency"];
  if (!(frequency in PATIENCE) || ![...given.keys()].every((key) => KNOWN.test(key)))
    return undefined;
  const list = (key: string): string[] => given.get(key)?.split(",") ?? [];
  const numbers = (key: string): number[] => list(key).map(Number);
  return {
    frequency,
    interval: Number(given.get("INTERVAL") ?? 1),
    months: numbers("BYMONTH"),
    yearDays: numbers("BYYEARDAY"),
    monthDays: numbers("BYMONTHDAY"),
    weekdays: list("BYDAY").map((day) => [Number(day.slice(0, -2)), NAMES.indexOf(day.slice(-2))]),
    positions: numbers("BYSETPOS"),
    weekStart: Math.max(0, NAMES.indexOf(given.get("WKST") ?? "MO")),
    until: given.get("UNTIL")?.replace(/^(\d{4})(\d\d)(\d\d).*$/, "$1-$2-$3") ?? null,
    count: given.has("COUNT") ? Number(given.get("COUNT")) : null,
  };
}

/** How often a rule comes up in all, null for ever; undefined where it is not known here. */
export function countOf(text: string): number | null | undefined {
  return read(text)?.count;
}

export function dayOf(slot: Slot): string {
  return slot.slice(0, 10);
}

/** Walks what the calendar says, strictly after a slot. */
function slotsAfter({ rule, anchor, ...how }: Repetition, after: Slot): Generator<Slot> {
  return excepted(ruled(rule, anchor, after), how, after);
}

/** Walks the slots of a rule, or those strictly after one; a COUNT counts from the first. */
export function* slotsOf(rule: string, anchor: Slot, after: Slot = ""): Generator<Slot> {
  let left = countOf(rule) ?? null;
  for (const slot of ruled(rule, anchor, left === null ? after : "")) {
    if (left !== null && left-- <= 0) return;
    if (slot > after) yield slot;
  }
}

/** Walks the slots of a rule strictly after one, whatever its COUNT. */
function* ruled(rule: string, anchor: Slot, after: Slot): Generator<Slot> {
  const known = read(rule)!;
  const time = anchor.slice(10);
  for (const day of daysFrom(known, dayOf(anchor), dayOf(after < anchor ? anchor : after))) {
    if (known.until !== null && day > known.until) return;
    const slot = day + time;
    if (slot >= anchor && slot > after) yield slot;
  }
}

/** Leaves slots out of a walk and puts others in, strictly after one. */
export function* excepted(
  slots: Iterable<Slot>,
  { exdates, rdates }: Pick<Repetition, "exdates" | "rdates">,
  after: Slot,
): Generator<Slot> {
  const extra = rdates.filter((slot) => slot > after).sort();
  let last = "";
  for (const slot of slots) {
    while (extra.length > 0 && extra[0]! <= slot) {
      const added = extra.shift()!;
      if (added !== slot && added !== last && !exdates.includes(added)) yield (last = added);
    }
    if (!exdates.includes(slot)) yield (last = slot);
  }
  for (const slot of extra) if (slot !== last && !exdates.includes(slot)) yield (last = slot);
}

/** Walks the days of a rule from the period that holds `start` on, also those before it therein. */
function* daysFrom(rule: Rule, anchor: string, start: string): Generator<string> {
  const { frequency, interval } = rule;
  let index = Math.floor(periodsBetween(rule, anchor, start) / interval) * interval;
  for (let empty = 0; empty < PATIENCE[frequency]; index += interval) {
    const first = firstDay(rule, anchor, index);
    if (first > LAST_DAY) return;
    const chosen = pick(rule, daysOf(rule, first));
    yield* chosen;
    empty = chosen.length > 0 ? 0 : empty + 1;
  }
}

function periodsBetween(rule: Rule, anchor: string, start: string): number {
  const [year, month] = numbersOf(anchor);
  const [startYear, startMonth] = numbersOf(start);
  switch (rule.frequency) {
    case "YEARLY":
      return startYear - year;
    case "MONTHLY":
      return (startYear - year) * 12 + startMonth - month;
    case "WEEKLY":
      return daysBetween(weekOf(rule, anchor), weekOf(rule, start)) / 7;
    case "DAILY":
      return daysBetween(anchor, start);
  }
}

function firstDay(rule: Rule, anchor: string, index: number): string {
  const [year, month] = numbersOf(anchor);
  switch (rule.frequency) {
    case "YEARLY":
      return dateOf(year + index, 1, 1);
    case "MONTHLY":
      return dateOf(year, month + index, 1);
    case "WEEKLY":
      return addDays(weekOf(rule, anchor), 7 * index);
    case "DAILY":
      return addDays(anchor, index);
  }
}

function daysOf(rule: Rule, first: string): string[] {
  const [year, month] = numbersOf(first);
  switch (rule.frequency) {
    case "YEARLY":
      return inYear(rule, year);
    case "MONTHLY":
      return rule.months.length > 0 && !rule.months.includes(month) ? [] : inMonth(rule, year, month);
    case "WEEKLY":
      return Array.from({ length: 7 }, (_, number) => addDays(first, number)).filter((day) =>
        fits(rule, day),
      );
    case "DAILY":
      return fits(rule, first) ? [first] : [];
  }
}

/** Whether a single day is in the months, month days and weekdays of the rule. */
function fits({ months, weekdays, monthDays }: Rule, date: string): boolean {
  const [year, month, day] = numbersOf(date);
  return (
    (months.length === 0 || months.includes(month)) &&
    (weekdays.length === 0 || weekdays.some(([, weekday]) => weekday === weekdayOf(date))) &&
    (monthDays.length === 0 ||
      monthDays.some((each) => each === day || each === day - 1 - lengthOf(year, month)))
  );
}

function inMonth({ monthDays, weekdays }: Rule, year: number, month: number): string[] {
  const length = lengthOf(year, month);
  let numbers = Array.from({ length }, (_, number) => number + 1);
  if (monthDays.length > 0)
    numbers = numbers.filter((day) => monthDays.some((each) => each === day || each === day - 1 - length));
  if (weekdays.length > 0) {
    const named = nth(weekdays, weekdayOf(dateOf(year, month, 1)), length);
    numbers = numbers.filter((day) => named.has(day));
  }
  return numbers.map((day) => dateOf(year, month, day));
}

function inYear(rule: Rule, year: number): string[] {
  const { months, monthDays, weekdays, yearDays } = rule;
  const counted = months.length === 0 && weekdays.some(([which]) => which !== 0);
  if (yearDays.length === 0 && !counted) {
    const all = months.length > 0 ? [...months].sort((a, b) => a - b) : range(1, 12);
    return all.flatMap((month) => inMonth(rule, year, month));
  }
  const first = dateOf(year, 1, 1);
  const length = daysBetween(first, dateOf(year + 1, 1, 1));
  const named = months.length === 0 && weekdays.length > 0 && nth(weekdays, weekdayOf(first), length);
  const days = range(1, length)
    .filter((day) => yearDays.length === 0 || yearDays.some((each) => each === day || each === day - 1 - length))
    .filter((day) => !named || named.has(day))
    .map((day) => addDays(first, day - 1))
    .filter((day) => months.length === 0 || months.includes(numbersOf(day)[1]));
  if (monthDays.length === 0 && months.length === 0) return days;
  const monthly = months.length > 0 ? rule : { ...rule, weekdays: [] };
  return days.filter((day) => {
    const [, month] = numbersOf(day);
    return inMonth(monthly, year, month).includes(day);
  });
}

/** The days of a span that are these weekdays, or the nth of them. */
function nth(pairs: Weekday[], firstWeekday: number, length: number): Set<number> {
  const found = new Set<number>();
  for (const [which, weekday] of pairs) {
    const all = range(1, length).filter((day) => (firstWeekday + day - 1) % 7 === weekday);
    for (const day of which ? all.slice(which > 0 ? which - 1 : which).slice(0, 1) : all)
      if (which >= 0 || -which <= all.length) found.add(day);
  }
  return found;
}

/** The days of a period that BYSETPOS picks; without one, all. */
function pick({ positions }: Rule, days: string[]): string[] {
  if (positions.length === 0) return days;
  const places = positions.map((place) => (place > 0 ? place - 1 : days.length + place));
  return days.filter((_, place) => places.includes(place));
}

/** What comes after this slot was done at a local time that belongs to `today`. */
export function following(how: Repetition, slot: Slot, today: string): Slot | null | undefined {
  if (!read(how.rule)) return undefined;
  if (how.mode === "completion") return countedFrom(how, today, slot);
  if (how.catch_up !== "collapse") return first(slotsAfter(how, slot));
  return first(slotsAfter(how, later(slot, endOf(today, slot))));
}

/** What comes after this slot was left out: what was not missed meanwhile. */
export function passing(how: Repetition, slot: Slot, today: string): Slot | null | undefined {
  if (!read(how.rule)) return undefined;
  if (how.mode === "completion") return countedFrom(how, later(today, dayOf(slot)), slot);
  if (how.catch_up !== "collapse") return first(slotsAfter(how, slot));
  return first(slotsAfter(how, later(slot, endOf(addDays(today, -1), slot))));
}

/** The slots that are open each where missed ones stay: those that have come, else the next. */
export function opening(how: Repetition, latest: Slot, waiting: number, today: string): Slot[] {
  const found: Slot[] = [];
  for (const slot of slotsAfter(how, latest)) {
    if (waiting + found.length > 0 && dayOf(slot) > today) break;
    found.push(slot);
  }
  return found;
}

/** Counts the interval from the day it was done, at the same time of day. */
function countedFrom({ rule }: Repetition, today: string, slot: Slot): Slot | null {
  const { frequency, interval, until } = read(rule)!;
  for (let number = 1; number < MOST_TRIES; number += 1) {
    const found = plus(today, frequency, interval * number) + slot.slice(10);
    if (found <= slot) continue;
    return (until !== null && dayOf(found) > until) || dayOf(found) > LAST_DAY ? null : found;
  }
  return null;
}

function plus(day: string, frequency: Rule["frequency"], amount: number): string {
  if (frequency === "DAILY") return addDays(day, amount);
  if (frequency === "WEEKLY") return addDays(day, 7 * amount);
  const [year, month, number] = numbersOf(day);
  // Months are added up before they are clamped: 31 January, 28 February, 31 March.
  const first = dateOf(year, month + (frequency === "YEARLY" ? 12 : 1) * amount, 1);
  const [y, m] = numbersOf(first);
  return dateOf(y, m, Math.min(number, lengthOf(y, m)));
}

function first(slots: Generator<Slot>): Slot | null {
  const { value, done } = slots.next();
  return done ? null : value;
}

function later(one: Slot, other: Slot): Slot {
  return one > other ? one : other;
}

function endOf(day: string, slot: Slot): Slot {
  return slot.length > 10 ? `${day}T23:59` : day;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, number) => from + number);
}

function numbersOf(date: string): [year: number, month: number, day: number] {
  return date.slice(0, 10).split("-").map(Number) as [number, number, number];
}

function dateOf(year: number, month: number, day: number): string {
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);
}

function lengthOf(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** 0 for Monday. */
export function weekdayOf(date: string): number {
  return (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
}

function weekOf({ weekStart }: Rule, date: string): string {
  return addDays(date, -((weekdayOf(date) - weekStart + 7) % 7));
}
