/** Wall times made instants, as the server makes them, and back; tests hold both to the same cases. */
import { addDays } from "./when";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const MINUTES_PER_DAY = 1_440;

/** Making a formatter costs a hundred times what using one does. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** The wall time of an instant in a zone: "2026-11-30T12:30:10". */
export function wallIn(at: number | Date, zone: string): string {
  let format = formats.get(zone);
  if (!format) {
    const style = { dateStyle: "short", timeStyle: "medium" } as const;
    formats.set(zone, (format = new Intl.DateTimeFormat("sv", { timeZone: zone, ...style })));
  }
  return format.format(at).replace(" ", "T");
}

function offsetAt(at: number, zone: string): number {
  return Date.parse(`${wallIn(at, zone)}Z`) - at;
}

/** The instant of a wall time: one that is skipped shifts by the gap, one that comes twice is the first. */
export function instantIn(date: string, time: string, zone: string): Date {
  const wall = Date.parse(`${date}T${time.slice(0, 5)}:00Z`);
  const [early, late] = [offsetAt(wall - DAY_MS, zone), offsetAt(wall + DAY_MS, zone)];
  const isLater = offsetAt(wall - early, zone) !== early && offsetAt(wall - late, zone) === late;
  return new Date(wall - (isLater ? late : early));
}

/** So many minutes before a wall time: whole days by the calendar, the rest as elapsed time. */
export function before(date: string, time: string, minutes: number, zone: string): Date {
  const rest = minutes % MINUTES_PER_DAY;
  const day = addDays(date, -(minutes - rest) / MINUTES_PER_DAY);
  return new Date(instantIn(day, time, zone).getTime() - rest * MINUTE_MS);
}
