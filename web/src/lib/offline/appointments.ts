/** Appointments from the rows of this device: when each takes place, as the server reckons it. */
import type { CalendarEvent, EventOccurrence, Me, When } from "../api/types";
import { instantIn } from "../format/moments";
import { addDays, localDay } from "../format/when";
import { planOf } from "./occurrences";
import { countOf, dayOf, excepted, slotsOf } from "./recurrence";
import type { Query } from "./remembered";
import { uuid5 } from "./uuid5";
import type { World } from "./world";

/** A local date, or a wall time such as 2027-03-01T09:00. */
export type Slot = string;

/** A wall time in another zone may lie on another day here, at most this far off. */
const ZONES_APART = 2;
const USUAL_DAYS = 14;
const MINUTE_MS = 60_000;

export function slotOf(when: When): Slot {
  return when.kind === "date" ? when.date : `${when.date}T${when.time.slice(0, 5)}`;
}

function written(slot: Slot): number {
  return Date.parse(`${slot.length > 10 ? slot : `${slot}T00:00`}:00Z`);
}

/** So many milliseconds from one slot to another, by the wall clock. */
export function gap(from: Slot, to: Slot): number {
  return written(to) - written(from);
}

export function plus(slot: Slot, milliseconds: number): Slot {
  return new Date(written(slot) + milliseconds).toISOString().slice(0, slot.length);
}

function zoneOf(when: When): string | null {
  return when.kind === "zoned" ? when.zone : null;
}

/** The start and the end of what is as long as this, from another start on. */
export function timesAt(event: Pick<CalendarEvent, "start" | "end">, slot: Slot): { start: When; end: When } {
  const long = gap(slotOf(event.start), slotOf(event.end));
  return { start: planOf(slot, zoneOf(event.start)), end: planOf(plus(slot, long), zoneOf(event.end)) };
}

/** Walks the starts of an event in order, strictly after one; undefined where its rule is unknown here. */
export function slotsOfEvent({ start, repeat }: CalendarEvent, after: Slot = ""): IterableIterator<Slot> | undefined {
  const first = slotOf(start);
  if (!repeat) return [first].filter((slot) => slot > after).values();
  if (countOf(repeat.rule) === undefined) return undefined;
  return excepted(slotsOf(repeat.rule, first, after), repeat, after);
}

/** Whether an event takes place at this slot, by its rule. */
export function takesPlace(event: CalendarEvent, slot: Slot): boolean {
  const before = plus(slot, -(slot.length > 10 ? MINUTE_MS : 24 * 60 * MINUTE_MS));
  const next = slotsOfEvent(event, before)?.next();
  return next !== undefined && !next.done && next.value === slot;
}

/** The occurrences of events that have a row of their own, by event. */
export function rowsApart(world: World): Map<string, CalendarEvent[]> {
  const rows = new Map<string, CalendarEvent[]>();
  for (const row of world.all("calendar_event"))
    if (row.series_id) rows.set(row.series_id, [...(rows.get(row.series_id) ?? []), row]);
  return rows;
}

interface Days {
  first: string;
  last: string;
  zone: string;
}

/** What touches these days, by start, cancelled ones too; and the events whose rule is unknown here. */
export function takingPlace(world: World, days: Days): { found: EventOccurrence[]; unknown: Set<string> } {
  const apart = rowsApart(world);
  const unknown = new Set<string>();
  const found: EventOccurrence[] = [];
  for (const row of world.all("calendar_event")) {
    if (row.deleted_at !== null) continue;
    const own = new Set(apart.get(row.id)?.map((each) => each.slot));
    const long = Math.max(0, gap(slotOf(row.start), slotOf(row.end)));
    const earliest = `${addDays(dayOf(plus(`${days.first}T00:00`, -long)), -ZONES_APART)}T00:00`;
    const after = row.start.kind === "date" ? dayOf(earliest) : earliest;
    const slots = slotsOfEvent(row, after);
    if (!slots) unknown.add(row.id);
    for (const slot of slots ?? []) {
      if (dayOf(slot) > addDays(days.last, ZONES_APART)) break;
      const each = shown(world, row, slot, days.zone);
      const touches = each.first_day <= days.last && each.last_day >= days.first;
      if (touches && !own.has(slot)) found.push(each);
    }
  }
  return { found: found.sort(byBeginning(days.zone)), unknown };
}

function byBeginning(zone: string): (a: EventOccurrence, b: EventOccurrence) => number {
  const key = ({ start, begins_at }: EventOccurrence): number =>
    (begins_at ? Date.parse(begins_at) : instantIn(start.date, "00:00", zone).getTime() - 1);
  return (a, b) => key(a) - key(b) || (a.id < b.id ? -1 : 1);
}

function instantOf(when: When, home: string): Date {
  return when.kind === "date"
    ? instantIn(when.date, "00:00", home)
    : instantIn(when.date, when.time, zoneOf(when) ?? home);
}

function shown(world: World, row: CalendarEvent, slot: Slot, zone: string): EventOccurrence {
  const times = timesAt(row, slot);
  const timed = row.start.kind !== "date";
  const begins = instantOf(times.start, zone);
  const ends = new Date(Math.max(begins.getTime(), instantOf(times.end, zone).getTime()));
  const isByRule = row.repeat !== null;
  const series = row.series_id ? world.find("calendar_event", row.series_id) : row;
  return {
    id: isByRule ? uuid5(row.id, slot) : row.id,
    event_id: row.series_id ?? row.id,
    slot: isByRule ? slot : row.slot,
    title: row.title,
    location: row.location,
    ...times,
    begins_at: timed ? begins.toISOString() : null,
    ends_at: timed ? ends.toISOString() : null,
    first_day: timed ? localDay(begins, zone) : times.start.date,
    // Midnight ends the day before it.
    last_day: timed
      ? localDay(new Date(Math.max(begins.getTime(), ends.getTime() - 1)), zone)
      : times.end.date,
    text: series?.repeat?.text ?? null,
    status: row.status,
    transparency: row.transparency,
    apart: row.series_id !== null,
  };
}

/** What is not cancelled, for each of these days; `seen` is what the server last said of a day. */
export function eventsOn(
  world: World,
  days: Days,
  seen: (date: string) => EventOccurrence[] | undefined,
): (date: string) => EventOccurrence[] {
  const { found, unknown } = takingPlace(world, days);
  const takesTime = found.filter((each) => each.status !== "cancelled");
  return (date) => {
    const here = takesTime.filter((each) => each.first_day <= date && each.last_day >= date);
    const only = unknown.size > 0 ? (seen(date) ?? []).filter((each) => unknown.has(each.event_id)) : [];
    return [...here, ...only].sort(byBeginning(days.zone));
  };
}

export function showOccurrences(world: World, me: Me, today: string, query: Query): unknown {
  const first = String(query.from ?? today);
  const last = String(query.to ?? addDays(first, USUAL_DAYS - 1));
  const { found } = takingPlace(world, { first, last, zone: me.user.time_zone });
  return { from: first, to: last, items: found, more: false };
}

/** Events as they were written, the newest first; or the occurrences of one that are kept apart. */
export function eventsFor(world: World, query: Query): CalendarEvent[] {
  const inTrash = query.deleted === true || query.deleted === "true";
  return world
    .all("calendar_event")
    .filter((row) => (row.deleted_at !== null) === inTrash)
    .filter((row) => row.series_id === (query.series_id ?? null))
    .sort((a, b) => (a.created_at < b.created_at ? 1 : -1));
}

/** The starts that come, of an event and of what goes on from it; undefined where its rule is unknown. */
export function comingStarts(world: World, id: string, since: string): When[] | undefined {
  const event = world.find("calendar_event", id);
  if (!event || event.deleted_at !== null || event.status === "cancelled") return [];
  const own = rowsApart(world).get(id) ?? [];
  const taken = new Set(own.map((each) => each.slot));
  const slots = slotsOfEvent(event, addDays(since, -ZONES_APART));
  if (!slots) return undefined;
  const starts = own.filter((each) => each.status !== "cancelled").map((each) => each.start);
  let left = 10;
  for (const slot of slots) {
    if (left-- <= 0) break;
    if (!taken.has(slot)) starts.push(timesAt(event, slot).start);
  }
  for (const each of world.all("calendar_event"))
    if (each.continues_id === id) {
      const more = comingStarts(world, each.id, since);
      if (!more) return undefined;
      starts.push(...more);
    }
  return starts;
}
