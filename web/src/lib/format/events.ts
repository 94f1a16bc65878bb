import type { EventOccurrence, Task, When } from "../api/types";
import { wallIn } from "./moments";
import { addDays, localDay, localHour } from "./when";

const HOUR = 60;

function clockOf(at: string, zone: string): string {
  return wallIn(new Date(at), zone).slice(11, 16);
}

/** When an appointment is on one of its days: "09:00–10:30", "from 22:00", "until 06:00", "all day". */
export function timesOf(event: EventOccurrence, date: string, zone: string): string {
  if (!event.begins_at || !event.ends_at) return "all day";
  const begins = clockOf(event.begins_at, zone);
  const ends = clockOf(event.ends_at, zone);
  const first = event.first_day === date;
  if (first && event.last_day === date) return begins === ends ? begins : `${begins}–${ends}`;
  if (first) return `from ${begins}`;
  return event.last_day === date ? `until ${ends}` : "all day";
}

/** What takes place on a day and what is due on it: whole days, then by time, then without one. */
export function inOrder(
  tasks: readonly Task[],
  events: readonly EventOccurrence[],
  date: string,
  zone: string,
): (Task | EventOccurrence)[] {
  const begins = (event: EventOccurrence): string =>
    event.begins_at && event.first_day === date ? clockOf(event.begins_at, zone) : "";
  const due = ({ due }: Task): string => (due && due.kind !== "date" ? due.time.slice(0, 5) : "99");
  const waiting = [...events];
  const rows: (Task | EventOccurrence)[] = [];
  for (const task of tasks) {
    while (waiting[0] && begins(waiting[0]) <= due(task)) rows.push(waiting.shift()!);
    rows.push(task);
  }
  return [...rows, ...waiting];
}

export function isEvent(row: Task | EventOccurrence): row is EventOccurrence {
  return "event_id" in row;
}

function minutesOf(when: When): number {
  const time = when.kind === "date" ? "00:00" : when.time.slice(0, 5);
  return Date.parse(`${when.date}T${time}:00Z`) / 60_000;
}

/** The same kind of plan, so many minutes later by the wall clock. */
function later(when: When, minutes: number): When {
  const text = new Date((minutesOf(when) + minutes) * 60_000).toISOString();
  const date = text.slice(0, 10);
  return when.kind === "date" ? { ...when, date } : { ...when, date, time: text.slice(11, 16) };
}

/** The end after the start was moved: as long as before, or an hour where there was no time. */
export function endAfter(end: When, old: When, start: When): When {
  if (start.kind === "date") {
    const days = old.kind === "date" ? (minutesOf(end) - minutesOf(old)) / (24 * HOUR) : 0;
    return { kind: "date", date: addDays(start.date, Math.max(0, days)) };
  }
  return later(start, old.kind === "date" ? HOUR : Math.max(0, minutesOf(end) - minutesOf(old)));
}

/** An hour from the next full one today, or from nine on another day; it follows its person. */
export function usualPlan(day: string, now: Date, zone: string): { start: When; end: When } {
  const today = localDay(now, zone);
  const hour = localHour(now, zone) + 1;
  const time = day === today && hour < 24 ? `${String(hour).padStart(2, "0")}:00` : "09:00";
  const start: When = { kind: "floating", date: day, time };
  return { start, end: later(start, HOUR) };
}
