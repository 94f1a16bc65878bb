import type { When } from "../api/types";

const DAY_MS = 86_400_000;

/** Plans are calendar dates; they are computed in UTC so that no zone can shift them. */
function utc(date: string): Date {
  return new Date(`${date}T00:00:00Z`);
}

export function addDays(date: string, days: number): string {
  return new Date(utc(date).getTime() + days * DAY_MS).toISOString().slice(0, 10);
}

export function daysBetween(from: string, to: string): number {
  return Math.round((utc(to).getTime() - utc(from).getTime()) / DAY_MS);
}

/** Making a formatter costs a hundred times what using one does. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** The local day of an instant: the date in `zone`, counted from `dayStartMinutes`. */
export function localDay(instant: Date, zone: string, dayStartMinutes = 0): string {
  const shifted = new Date(instant.getTime() - dayStartMinutes * 60_000);
  let format = formats.get(zone);
  if (!format) formats.set(zone, (format = new Intl.DateTimeFormat("en-CA", { timeZone: zone })));
  return format.format(shifted);
}

/** The user's hour of day, for greetings. */
export function localHour(instant: Date, zone: string): number {
  const options = { timeZone: zone, hour: "2-digit", hourCycle: "h23" } as const;
  return Number(new Intl.DateTimeFormat("en-GB", options).format(instant));
}

function words(date: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", ...options }).format(utc(date));
}

export function weekday(date: string, width: "short" | "long" | "narrow" = "long"): string {
  return words(date, { weekday: width });
}

/** "Monday 23 November", for headings. */
export function longDate(date: string): string {
  return words(date, { weekday: "long", day: "numeric", month: "long" }).replace(",", "");
}

/** "Monday 23 November", with the year only when it is not this one. */
export function fullDate(date: string, today: string): string {
  const year = date.slice(0, 4);
  return year === today.slice(0, 4) ? longDate(date) : `${longDate(date)} ${year}`;
}

/** "Nov", or "November". */
export function monthName(date: string, width: "short" | "long" = "short"): string {
  return words(date, { month: width });
}

/** "23 Nov", for the crowded foot of a chart. */
export function dayMonth(date: string): string {
  return words(date, { day: "numeric", month: "short" });
}

/** "23 Nov", with the year only when it is not this one. */
export function shortDate(date: string, today: string): string {
  const year = date.slice(0, 4) === today.slice(0, 4) ? undefined : "numeric";
  return words(date, { day: "numeric", month: "short", year });
}

/** A date as people say it near today: "today", "tomorrow", "Friday", "23 Nov". */
export function relativeDate(date: string, today: string): string {
  const days = daysBetween(today, date);
  if (days === 0) return "today";
  if (days === 1) return "tomorrow";
  if (days === -1) return "yesterday";
  if (days > 1 && days < 7) return weekday(date);
  return shortDate(date, today);
}

/** A plan in words; a zone is named only when it is not the reader's. */
export function relativeWhen(when: When, today: string, zone: string): string {
  const day = relativeDate(when.date, today);
  if (when.kind === "date") return day;
  const time = day === "today" ? when.time.slice(0, 5) : `${day} ${when.time.slice(0, 5)}`;
  if (when.kind === "floating" || when.zone === zone) return time;
  return `${time} ${when.zone.split("/").pop()!.replaceAll("_", " ")}`;
}

/** "3 Mar – 9 Mar 2026" for a period of days, one date when it is a single day. */
export function period(start: string, end: string, today: string): string {
  if (start === end) return shortDate(start, today);
  return `${shortDate(start, today)} – ${shortDate(end, today)}`;
}

/** An instant in the reader's zone: "today 14:03", "12 Nov 09:41". */
export function instant(at: string, zone: string, now = new Date()): string {
  const day = localDay(new Date(at), zone);
  const time = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hour: "2-digit",
    minute: "2-digit",
  }).format(new Date(at));
  return `${relativeDate(day, localDay(now, zone))} ${time}`;
}
