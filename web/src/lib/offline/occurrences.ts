/** What comes after an occurrence that is settled on this device: the rows the server will make. */
import type { Series, Task, When } from "../api/types";
import { addDays, daysBetween, localDay } from "../format/when";
import { countOf, dayOf, following, opening, passing, type Repetition } from "./recurrence";
import { uuid5 } from "./uuid5";
import { isOpen, type World } from "./world";

/** How many missed occurrences stay open each. */
const MOST_OPEN = 50;

/** Whose days count: a zone, and the minute at which a day begins. */
export interface Person {
  zone: string;
  dayStart: number;
}

/** When something was settled, and for which earlier day, if for one. */
export interface Settled {
  done: boolean;
  at: string;
  on?: string | undefined;
}

/** The rows to come, each with its subtasks; undefined where only the server knows. */
export function nextOf(
  world: World,
  task: Task,
  settled: Settled,
  person: Person,
): Task[] | undefined {
  const series = world.find("series", task.series_id);
  if (!series || task.slot === null || task.repeat === null) return undefined;
  if (series.finished_at !== null) return [];
  const all = world.all("task").filter((each) => each.series_id === series.id && each.slot);
  const slots = slotsToOpen(series, task.slot, all, settled, todayOf(series, settled, person));
  return slots?.flatMap((slot) => occurrence(world, series, task, slot, settled.at));
}

/** The day it counts for, by the clock of the series or else of the person. */
function todayOf({ zone }: Series, { at, on }: Settled, person: Person): string {
  const now = new Date(at);
  if (on && on < localDay(now, person.zone, person.dayStart)) return on;
  return zone ? localDay(now, zone) : localDay(now, person.zone, person.dayStart);
}

function slotsToOpen(
  series: Series,
  slot: string,
  all: Task[],
  { done }: Settled,
  today: string,
): string[] | undefined {
  const how: Repetition = series;
  const count = countOf(how.rule);
  if (count === undefined) return undefined;
  const kept = all.filter((each) => each.deleted_at === null);
  const waiting = kept.filter(isOpen).length;
  const used = kept.filter((each) => each.state === "done" || isOpen(each)).length;
  const left = count === null ? MOST_OPEN : Math.max(0, count - used);
  if (how.mode === "schedule" && how.catch_up === "all") {
    const latest = all.map((each) => each.slot!).reduce((a, b) => (a > b ? a : b), slot);
    return opening(how, latest, waiting, today).slice(0, Math.min(left, MOST_OPEN - waiting));
  }
  if (left === 0) return [];
  let next = (done ? following : passing)(how, slot, today);
  while (next) {
    const there = all.find((each) => each.slot === next);
    if (!there) return [next];
    if (isOpen(there) && there.deleted_at === null) return [];
    next = following(how, next, dayOf(next));
  }
  return next === undefined ? undefined : [];
}

function occurrence(world: World, series: Series, task: Task, slot: string, at: string): Task[] {
  const days = task.due ? daysBetween(task.due.date, dayOf(slot)) : 0;
  const isPlaced = [task.project_id, task.goal_id, task.area_id].some((place) => place !== null);
  const top: Task = {
    ...anew(task, days, at),
    id: uuid5(series.id, slot),
    title: series.title,
    slot,
    state: isPlaced ? "todo" : "inbox",
    due: planOf(slot, series.zone),
  };
  return [top, ...subtasks(world, task.id, top, daysBetween(dayOf(task.slot!), dayOf(slot)), at)];
}

/** The subtasks of one occurrence for another, open again and as many days later. */
function subtasks(world: World, id: string, top: Task, days: number, at: string): Task[] {
  const below = (old: string, parent: string): Task[] =>
    world
      .childrenOf(old)
      .filter((child) => child.archived_at === null)
      .flatMap((child) => {
        const copy: Task = {
          ...anew(child, days, at),
          id: uuid5(top.id, child.id),
          parent_id: parent,
          state: "todo",
        };
        return [copy, ...below(child.id, copy.id)];
      });
  return below(id, top.id);
}

function anew(task: Task, days: number, at: string): Task {
  return {
    ...task,
    due: shifted(task.due, days),
    start: shifted(task.start, days),
    deadline: task.deadline && addDays(task.deadline, days),
    waiting_for: null,
    waiting_until: null,
    completed_at: null,
    archived_at: null,
    created_at: at,
    updated_at: at,
    version: 0,
    awaits_next: false,
    foreseen: true,
  };
}

function shifted<W extends When | null>(when: W, days: number): W {
  return when && { ...when, date: addDays(when.date, days) };
}

export function planOf(slot: string, zone: string | null): When {
  const date = dayOf(slot);
  if (slot.length === date.length) return { kind: "date", date };
  const time = slot.slice(11);
  return zone ? { kind: "zoned", date, time, zone } : { kind: "floating", date, time };
}
