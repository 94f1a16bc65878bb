/** What a change makes of appointments on this device, and how it is said to the server. */
import { newId } from "../api/ids";
import type { CalendarEvent, When } from "../api/types";
import { presetsFor, splitEnd, weekdayOf } from "../format/repeating";
import { addDays, dayMonth } from "../format/when";
import { gap, plus, rowsApart, slotOf, slotsOfEvent, takesPlace, timesAt, type Slot } from "./appointments";
import { dayOf, slotsOf } from "./recurrence";
import type { Draft } from "./requests";
import { uuid5 } from "./uuid5";
import type { Operation } from "./wire";
import type { World } from "./world";

/** A row as it is after a change, or that it is no more. */
export type After = CalendarEvent | { id: string; gone: true };
type Fields = Partial<Omit<CalendarEvent, "slot" | "repeat">> & {
  slot?: Slot;
  scope?: "this" | "following" | "all";
  rest_id?: string;
  duration_minutes?: number;
  repeat?: { rule: string } | null;
};
type Shared = "title" | "location" | "description" | "status" | "transparency";

const SHARED: Shared[] = ["title", "location", "description", "status", "transparency"];
const MINUTE_MS = 60_000;
const ENTITY = "calendar_event";

/** The operations of a request about appointments; null where only the server can do it. */
export function eventDrafts(world: World, method: string, path: string, body: unknown): Draft[] | null {
  const [address = "", asked] = path.split("?");
  const [, , id, part] = address.split("/");
  // As JSON has it: what is undefined is not there.
  const fields = JSON.parse(JSON.stringify(body ?? Object.fromEntries(new URLSearchParams(asked)))) as Fields;
  const draft = (verb: Draft["verb"], entity_id: string, given: object): Draft[] => [
    { entity: ENTITY, entity_id, verb, fields: given as Record<string, unknown> },
  ];
  if (id === undefined && method === "POST") {
    const { id: own = newId(), ...given } = fields;
    return draft("create", own, given);
  }
  const row = world.find(ENTITY, id);
  if (!row) return null;
  if (method === "POST") return part === "restore" ? draft("restore", row.series_id ?? row.id, {}) : null;
  const verb = method === "DELETE" ? "delete" : "update";
  const { slot = row.slot ?? undefined, scope = slot && row.slot === null ? "this" : undefined, ...given } = fields;
  if (part !== undefined || (row.series_id !== null && "repeat" in given && scope !== "following" && scope !== "all"))
    return null;
  const event = row.series_id ?? row.id;
  if (scope === "all") return draft(verb, event, verb === "delete" ? {} : forAll(world, row, slot, given));
  if (scope === "following")
    return draft(verb, event, { slot, scope, ...given, ...(verb === "update" && { rest_id: newId() }) });
  return draft(verb, row.id, row.series_id ? given : { ...(slot && { slot, scope }), ...given });
}

/** The same change said of the whole event: its start moves as far as that of the occurrence. */
function forAll(world: World, row: CalendarEvent, slot: Slot | undefined, given: Fields): Fields {
  const event = world.find(ENTITY, row.series_id ?? row.id)!;
  if (!slot || !(given.start ?? given.end)) return given;
  const shown = row.series_id ? row : { ...event, ...timesAt(event, slot) };
  const wanted = written(shown, given);
  return { ...given, ...timesAt(wanted, carried(slotOf(event.start), slot, slotOf(wanted.start))) };
}

/** Where an exception goes when the start `old` of its event goes to `now`. */
function carried(slot: Slot, old: Slot, now: Slot): Slot {
  if (slot.length > 10 && old.length > 10 && now.length > 10) return plus(slot, gap(old, now));
  return plus(dayOf(slot), gap(dayOf(old), dayOf(now))) + now.slice(10);
}

/** What an operation makes of the rows of this device. */
export function applyToEvents(world: World, operation: Operation, at: string): After[] {
  const { entity_id: id, verb } = operation;
  const fields = operation.fields as Fields;
  const row = world.find(ENTITY, id);
  if (verb === "create") return row ? [] : [made(id, fields, at)];
  if (!row) return [];
  const event = row.series_id ? world.find(ENTITY, row.series_id) : row;
  if (!event) return [];
  const own = rowsApart(world).get(event.id) ?? [];
  const slot = fields.slot ?? row.slot ?? undefined;
  if (verb === "restore") return [event, ...own].map((each) => ({ ...each, deleted_at: null }));
  if (slot && fields.scope === "following")
    return verb === "delete" ? ended(event, own, slot, at) : goneOn(event, own, slot, { fields, at });
  if (verb === "delete") return slot ? leftOut(event, own, slot, at) : away(event, own, at);
  if (verb !== "update") return [];
  if (!slot) return changed(event, own, fields);
  const kept = own.find((each) => each.slot === slot) ?? occurrence(event, slot);
  return [written(kept, fields)];
}

function made(id: string, fields: Fields, at: string): CalendarEvent {
  const event: CalendarEvent = {
    ...{ id, uid: id, series_id: null, slot: null, continues_id: null, sequence: 0, deleted_at: null },
    title: fields.title ?? "",
    description: fields.description ?? "",
    location: fields.location ?? "",
    start: fields.start!,
    end: fields.end ?? lasting(undefined, fields),
    repeat: null,
    status: fields.status ?? "confirmed",
    transparency: fields.transparency ?? "busy",
    ...{ created_at: at, updated_at: at, version: 0 },
  };
  return fields.repeat ? following(event, fields.repeat) : event;
}

/** The end of something after its start was moved, or where it says only how long it lasts. */
function lasting(row: CalendarEvent | undefined, { start, duration_minutes: minutes }: Fields): When {
  const begins = start ?? row!.start;
  const isAlike = row && (row.start.kind === "date") === (begins.kind === "date");
  const long = minutes !== undefined ? minutes * MINUTE_MS : isAlike ? gap(slotOf(row.start), slotOf(row.end)) : 0;
  return timesAt({ start: begins, end: begins }, plus(slotOf(begins), long)).start;
}

function written(row: CalendarEvent, fields: Fields): CalendarEvent {
  const shared = SHARED.filter((name) => fields[name] !== undefined);
  const next = { ...row, ...Object.fromEntries(shared.map((name) => [name, fields[name]])) };
  if (fields.start) Object.assign(next, { start: fields.start, end: lasting(row, fields) });
  else if (fields.duration_minutes !== undefined) next.end = lasting(row, fields);
  return fields.end ? { ...next, end: fields.end } : next;
}

/** The row of an occurrence as it is by the rule, under the id that every device gives it. */
function occurrence(event: CalendarEvent, slot: Slot): CalendarEvent {
  const none = { repeat: null, continues_id: null };
  return { ...event, ...none, ...timesAt(event, slot), id: uuid5(event.id, slot), series_id: event.id, slot };
}

/** An event and its exceptions after a change of all of it. */
function changed(event: CalendarEvent, own: CalendarEvent[], fields: Fields): After[] {
  let next = written(event, fields);
  const [old, now] = [slotOf(event.start), slotOf(next.start)];
  const shared = own.map((each) => {
    const alike = SHARED.filter((name) => fields[name] !== undefined && each[name] === event[name]);
    return { ...each, ...Object.fromEntries(alike.map((name) => [name, fields[name]])) } as CalendarEvent;
  });
  const isMoved = JSON.stringify([event.start, event.end]) !== JSON.stringify([next.start, next.end]);
  const rows = shared.map((each) => (isMoved ? movedAlong(each, event, next) : each));
  if (isMoved && next.repeat)
    next.repeat = {
      ...next.repeat,
      exdates: next.repeat.exdates.map((slot) => carried(slot, old, now)).sort(),
      rdates: next.repeat.rdates.map((slot) => carried(slot, old, now)).sort(),
    };
  if (fields.repeat !== undefined) next = fields.repeat ? following(next, fields.repeat) : { ...next, repeat: null };
  else if (next.repeat && old !== now) next = following(next, { rule: movedRule(next.repeat.rule, old, now) });
  return [next, ...rows.map((each) => (isStray(next, each) ? gone(each) : each))];
}

function movedAlong(each: CalendarEvent, before: CalendarEvent, after: CalendarEvent): CalendarEvent {
  const slot = carried(each.slot!, slotOf(before.start), slotOf(after.start));
  const { start, end } = timesAt(before, each.slot!);
  const isPlain = JSON.stringify([each.start, each.end]) === JSON.stringify([start, end]);
  return { ...each, slot, ...(isPlain && timesAt(after, slot)) };
}

/** Whether an exception lies where its event no longer takes place. */
function isStray(event: CalendarEvent, own: CalendarEvent): boolean {
  if (!event.repeat) return true;
  return slotsOfEvent(event) !== undefined && !takesPlace(event, own.slot!);
}

function gone({ id }: CalendarEvent): After {
  return { id, gone: true };
}

/** An event that follows a rule, from the first date of that on; the words are the server's own. */
function following(event: CalendarEvent, { rule: asked }: { rule: string }): CalendarEvent {
  const slot = slotOf(event.start);
  const rule = filled(asked, dayOf(slot));
  const names = presetsFor(event.start.date);
  const name = names.find((preset) => preset.rule === splitEnd(rule).base)?.name ?? "Repeats";
  const text = name.charAt(0).toLowerCase() + name.slice(1);
  const { exdates, rdates } = event.repeat ?? { exdates: [], rdates: [] };
  const known = event.repeat?.rule === rule ? event.repeat.text : text;
  const next = { ...event, repeat: { rule, text: known, exdates, rdates } };
  const whole = { ...next, repeat: { ...next.repeat, exdates: [] } };
  next.repeat.exdates = exdates.filter((each) => takesPlace(whole, each));
  const first = slotsOfEvent({ ...whole, repeat: { ...whole.repeat, rdates: [] } })?.next();
  return first?.done === false ? { ...next, ...timesAt(next, first.value) } : next;
}

/** A rule with what the first date says: the weekday, the day of the month, the month. */
function filled(rule: string, day: string): string {
  if (/BYDAY|BYMONTHDAY|BYYEARDAY|BYWEEKNO|FREQ=DAILY|HOURLY/.test(rule)) return rule;
  const [, month, date] = day.split("-").map(Number);
  const of = { WEEKLY: `BYDAY=${weekdayOf(day)}`, MONTHLY: `BYMONTHDAY=${date}` };
  const frequency = /FREQ=(\w+)/.exec(rule)?.[1] ?? "";
  return `${rule};${of[frequency as keyof typeof of] ?? `BYMONTH=${month};BYMONTHDAY=${date}`}`;
}

/** A rule after its first date moved: a single day that it names moves along. */
function movedRule(rule: string, old: Slot, now: Slot): string {
  const { base, end } = splitEnd(rule);
  const place = presetsFor(dayOf(old)).findIndex((preset, index) => index > 1 && isNamedIn(base, preset.rule));
  if (place < 0) return rule;
  const named = (day: string): string => presetsFor(dayOf(day))[place]!.rule.split(";").slice(1).join(";");
  const moved = base.replace(named(old), named(now));
  return [moved, end.until && `UNTIL=${end.until.replaceAll("-", "")}`, end.count && `COUNT=${end.count}`]
    .filter(Boolean)
    .join(";");
}

/** Whether two rules are the same but for how often their periods count. */
function isNamedIn(rule: string, preset: string): boolean {
  return rule.replace(/;(INTERVAL|WKST)=\w+/g, "") === preset;
}

function leftOut(event: CalendarEvent, own: CalendarEvent[], slot: Slot, at: string): After[] {
  if (!event.repeat) return [];
  const exdates = [...new Set([...event.repeat.exdates, slot])].sort();
  const next = { ...event, repeat: { ...event.repeat, exdates } };
  const going = own.filter((each) => each.slot === slot);
  if (going.length === own.length && slotsOfEvent(next)?.next().done) return away(next, going, at);
  return [next, ...going.map(gone)];
}

function away(event: CalendarEvent, own: CalendarEvent[], at: string): After[] {
  return [event, ...own].map((each) => ({ ...each, deleted_at: at }));
}

/** An event that no longer takes place from this slot on. */
function until(event: CalendarEvent, slot: Slot): CalendarEvent {
  const { repeat } = event;
  if (!repeat) return event;
  const last = addDays(dayOf(slot), -1).replaceAll("-", "");
  const before = (slots: Slot[]): Slot[] => slots.filter((each) => each < slot);
  const rule = `${splitEnd(repeat.rule).base};UNTIL=${last}`;
  const text = repeat.text.replace(/,? (until .+|\d+ times)$/, "");
  const said = `${text} until ${dayMonth(addDays(dayOf(slot), -1))} ${slot.slice(0, 4)}`;
  const kept = { exdates: before(repeat.exdates), rdates: before(repeat.rdates) };
  return { ...event, repeat: { rule, text: said, ...kept } };
}

function ended(event: CalendarEvent, own: CalendarEvent[], slot: Slot, at: string): After[] {
  const going = own.filter((each) => each.slot! >= slot);
  const next = until(event, slot);
  if (going.length === own.length && slotsOfEvent(next)?.next().done) return away(event, own, at);
  return [next, ...going.map(gone)];
}

/** The event until this slot, and another one that goes on from there with the change. */
function goneOn(
  event: CalendarEvent,
  own: CalendarEvent[],
  slot: Slot,
  { fields, at }: { fields: Fields; at: string },
): After[] {
  const kept = own.find((each) => each.slot === slot);
  const shown = kept ?? { ...event, ...timesAt(event, slot) };
  const moved = written(shown, fields);
  const isFirst = slotsOfEvent(event)?.next().value === slot;
  const start = carried(isFirst ? slotOf(event.start) : slot, slot, slotOf(moved.start));
  const change = { ...fields, ...((fields.start ?? fields.end) && timesAt(moved, start)) };
  if (isFirst || !event.repeat) return changed(event, own, change);
  const id = fields.rest_id ?? uuid5(event.id, `${slot} on`);
  const later = (slots: Slot[]): Slot[] => slots.filter((each) => each >= slot);
  const { repeat } = event;
  const rest: CalendarEvent = {
    ...event,
    ...timesAt(event, slot),
    ...{ id, uid: id, continues_id: event.id, created_at: at, version: 0 },
    repeat: {
      ...repeat,
      rule: continued(repeat.rule, slotOf(event.start), slot),
      exdates: later(repeat.exdates),
      rdates: later(repeat.rdates),
    },
  };
  const theirs = own.filter((each) => each.slot! >= slot).map((each) => ({ ...each, series_id: id, uid: id }));
  return [until(event, slot), ...changed(rest, theirs, change)];
}

/** What is left of a rule from one of its slots on: a number of times is shared. */
function continued(rule: string, anchor: Slot, slot: Slot): string {
  const { base, end } = splitEnd(rule);
  if (end.count === undefined) return rule;
  let used = 0;
  for (const each of slotsOf(rule, anchor)) {
    if (each >= slot) break;
    used += 1;
  }
  return `${base};COUNT=${Math.max(1, end.count - used)}`;
}
