/** The timer and recorded time of this device, by its own clock and the server's rules. */
import { newId } from "../api/ids";
import { Problem } from "../api/problem";
import type { FocusNow, FocusSession, Me, SearchHit, TaskLength } from "../api/types";
import { localDay } from "../format/when";
import { hasWords } from "./folding";
import type { Person } from "./occurrences";
import type { Query } from "./remembered";
import type { Draft } from "./requests";
import type { Operation } from "./wire";
import { isOpen, type World } from "./world";

/** What a session is given to is called as its row is called here. */
export type KeptSession = Omit<FocusSession, "task_title" | "habit_title">;
type Stretch = KeptSession["stretches"][number];
type Fields = Partial<Pick<KeptSession, "task_id" | "habit_id" | "note" | "started_at" | "ended_at">> & {
  at?: string;
};

const ENTITY = "focus_session";
/** So long after its last start a timer counts as forgotten. */
const LONGEST_SECONDS = 14_400;
const MINUTE_MS = 60_000;
const NOTHING_RUNS = 409;

/** The operations of a request about sessions; null where only the server can do it. */
export function sessionDrafts(
  world: World,
  method: string,
  path: string,
  body: unknown,
  now: Date,
): Draft[] | null {
  const [, , id] = path.split("/");
  // As JSON has it: what is undefined is not there.
  const fields = JSON.parse(JSON.stringify(body ?? {})) as Fields & { id?: string };
  const at = new Date(Math.floor(now.getTime() / 1_000) * 1_000).toISOString();
  const draft = (verb: Draft["verb"], entity_id: string, given: object): Draft[] => [
    { entity: ENTITY, entity_id, verb, fields: given as Record<string, unknown> },
  ];
  if (method === "POST" && (id === undefined || id === "start")) {
    const { id: own = newId(), ...given } = fields;
    return draft("create", own, id === "start" ? { ...given, started_at: at } : given);
  }
  if (method === "POST" && (id === "pause" || id === "resume" || id === "stop")) {
    const open = openIn(world);
    if (!open) throw new Problem(NOTHING_RUNS, "No timer runs.");
    return draft(id, open.id, { at });
  }
  if (id === undefined || method === "POST" || method === "GET") return null;
  return draft(method === "DELETE" ? "delete" : "update", id, fields);
}

export function openIn(world: World): KeptSession | undefined {
  return world.all(ENTITY).find((each) => each.ended_at === null);
}

/** The rows that an operation changes, as they are after it. */
export function applyToSessions(world: World, operation: Operation, person: Person, at: string): KeptSession[] {
  const { entity_id: id, verb } = operation;
  const fields = operation.fields as Fields;
  const told = fields.at ?? at;
  const row = world.find(ENTITY, id);
  if (verb === "create") return row ? [] : began(world, id, fields, person, at);
  if (!row) return [];
  const last = row.stretches.at(-1)!;
  switch (verb) {
    case "update":
      return [corrected(row, fields, person)];
    case "resume":
      return last.end === null || told < iso(last.end) ? [] : wentOn(world, row, told, person);
    case "pause":
      return isLater(last, told) ? [timed(row, ended(row.stretches, told), person)] : [];
    case "stop": {
      const over = isLater(last, told) ? ended(row.stretches, told) : row.stretches;
      if (iso(last.start) > told) return [];
      return [{ ...timed(row, over, person), ended_at: over.at(-1)!.end, state: "over" }];
    }
    default:
      return [];
  }
}

/** The server and this device write instants in two ways; as the same they compare as text. */
function iso(instant: string): string {
  return new Date(instant).toISOString();
}

/** Whether a stretch was going on then. */
function isLater({ start, end }: Stretch, at: string): boolean {
  return iso(start) <= at && (end === null || at < iso(end));
}

/** Stretches of which the last ends then, or when it was forgotten. */
function ended(stretches: Stretch[], at: string): Stretch[] {
  const last = stretches.at(-1)!;
  const latest = new Date(Date.parse(last.start) + LONGEST_SECONDS * 1_000).toISOString();
  return [...stretches.slice(0, -1), { ...last, end: at < latest ? at : latest }];
}

function timed(row: KeptSession, stretches: Stretch[], person: Person): KeptSession {
  const days = secondsByDay(stretches, person);
  const seconds = Object.values(days).reduce((sum, each) => sum + each, 0);
  const isOpen = row.ended_at === null && stretches.at(-1)!.end === null;
  const state = row.ended_at !== null ? "over" : isOpen ? "running" : "paused";
  const started_at = stretches[0]!.start;
  const ended_at = row.ended_at === null ? null : stretches.at(-1)!.end;
  return { ...row, stretches, days, seconds, started_at, ended_at, state };
}

/** The seconds of closed stretches by day; each minute is of the day it begins on. */
function secondsByDay(stretches: Stretch[], { zone, dayStart }: Person): Record<string, number> {
  const days: Record<string, number> = {};
  const dayOf = (at: number): string => localDay(new Date(at), zone, dayStart);
  const count = (day: string, milliseconds: number): void => {
    days[day] = (days[day] ?? 0) + Math.round(milliseconds / 1_000);
  };
  for (const { start, end } of stretches) {
    let at = Date.parse(start);
    count(dayOf(at), 0);
    const last = end === null ? at : Date.parse(end);
    if (last > at && dayOf(at) === dayOf(last)) {
      count(dayOf(at), last - at);
      continue;
    }
    while (at < last) {
      const next = Math.min((Math.floor(at / MINUTE_MS) + 1) * MINUTE_MS, last);
      count(dayOf(at), next - at);
      at = next;
    }
  }
  return days;
}

function began(world: World, id: string, fields: Fields, person: Person, at: string): KeptSession[] {
  const { started_at: start, ended_at: end = null, task_id = null, habit_id = null, note = "" } = fields;
  const blank: KeptSession = {
    ...{ id, task_id, habit_id, note, cut: false, created_at: at, updated_at: at, version: 0 },
    ...{ started_at: start!, ended_at: end, stretches: [], days: {}, seconds: 0, state: "running" },
  };
  const session = timed(blank, [{ start: start!, end }], person);
  return end === null ? alone(world, session, start!, person) : [session];
}

function wentOn(world: World, row: KeptSession, at: string, person: Person): KeptSession[] {
  const open: KeptSession = { ...row, ended_at: null, cut: false };
  const session = timed(open, [...row.stretches, { start: at, end: null }], person);
  return alone(world, session, at, person);
}

/** Lets the timer that was started last run; the other one ends where that began. */
function alone(world: World, session: KeptSession, at: string, person: Person): KeptSession[] {
  const other = openIn(world);
  if (!other || other.id === session.id) return [session];
  const later = other.stretches.map((each) => iso(each.start)).filter((start) => start > at);
  if (later.length > 0) return [closed(session, later.sort()[0]!, person)];
  return [closed(other, at, person), session];
}

function closed(session: KeptSession, at: string, person: Person): KeptSession {
  const isRunning = isLater(session.stretches.at(-1)!, at);
  const stretches = isRunning ? ended(session.stretches, at) : session.stretches;
  return { ...timed(session, stretches, person), ended_at: stretches.at(-1)!.end, state: "over" };
}

/** A session with other times keeps the pauses that still lie between. */
function corrected(row: KeptSession, { started_at, ended_at, at: _, ...fields }: Fields, person: Person): KeptSession {
  const next = { ...row, ...fields, cut: false };
  if (!started_at && !ended_at) return next;
  const [start, end] = [iso(started_at ?? row.started_at), iso(ended_at ?? row.ended_at ?? row.started_at)];
  const kept = row.stretches.filter((each) => iso(each.start) < end && iso(each.end ?? end) > start);
  const edges = kept.length > 0 ? kept.map((each) => ({ ...each })) : [{ start, end }];
  edges[0]!.start = start;
  edges.at(-1)!.end = end;
  return timed({ ...next, ended_at: end }, edges, person);
}

/** My timer, as `GET /focus/now` says it. */
export function showNow(world: World, me: Me, now: Date): FocusNow {
  const open = openIn(world);
  const today = localDay(now, me.user.time_zone, me.user.day_start_minutes);
  const all = world.all(ENTITY);
  return {
    now: now.toISOString(),
    session: open ? shownSession(world, open) : null,
    today_seconds: all.reduce((sum, each) => sum + (each.days[today] ?? 0), 0),
    longest_seconds: LONGEST_SECONDS,
    unsure: all.filter((each) => each.cut).length,
  };
}

export function shownSession(world: World, row: KeptSession): FocusSession {
  return {
    ...row,
    task_title: world.find("task", row.task_id)?.title ?? null,
    habit_title: world.find("habit", row.habit_id)?.title ?? null,
  };
}

/** Those of a day, a task or a habit, the one that began last first. */
export function sessionsFor(world: World, { day, task_id, habit_id }: Query): FocusSession[] {
  return world
    .all(ENTITY)
    .filter((each) => !day || String(day) in each.days)
    .filter((each) => !task_id || each.task_id === task_id)
    .filter((each) => !habit_id || each.habit_id === habit_id)
    .sort((a, b) => Date.parse(b.started_at) - Date.parse(a.started_at))
    .map((each) => shownSession(world, each));
}

/** What a task was meant to take and has taken; what such estimates come to is the server's to say. */
export function lengthOf(world: World, id: string): TaskLength | undefined {
  const task = world.find("task", id);
  const seconds = sessionsFor(world, { task_id: id }).reduce((sum, each) => sum + each.seconds, 0);
  return task && {
    task_id: id,
    estimated_minutes: task.duration_minutes,
    recorded_minutes: seconds / 60,
    hint: null,
  };
}

/** The tasks that time can be given to, by words of their titles; of other things the server knows more. */
export function tasksCalled(world: World, { q, kinds, limit }: Query): { items: SearchHit[] } | undefined {
  if (kinds !== "task") return undefined;
  const found = world
    .all("task")
    .filter((task) => task.deleted_at === null && hasWords([task.title], String(q)))
    .sort((a, b) => Number(!isOpen(a)) - Number(!isOpen(b)) || (a.updated_at < b.updated_at ? 1 : -1));
  const items = found.slice(0, Number(limit ?? found.length)).map(
    (task): SearchHit => ({
      ...{ kind: "task", id: task.id, title: task.title, closed: !isOpen(task), updated_at: task.updated_at },
      ...{ about: null, snippet_parts: null, title_parts: [{ text: task.title, hit: false }] },
    }),
  );
  return { items };
}
