/** Reminders from the rows of this device: which there are, and when each comes next. */
import type { Me, Preferences, Reminder, When } from "../api/types";
import { before, instantIn } from "../format/moments";
import { localDay } from "../format/when";
import { comingStarts } from "./appointments";
import type { Query } from "./remembered";
import { by, timeOf } from "./today";
import { isOpen, type World } from "./world";

/** Without `next_at` where only the server knows it. */
export type KeptReminder = Omit<Reminder, "next_at"> & Partial<Pick<Reminder, "next_at">>;

interface Asked {
  world: World;
  me: Me;
  now: Date;
}

/** All of them, or those of one thing and of what it repeats; what was set first comes first. */
export function remindersFor(asked: Asked, query: Query): KeptReminder[] {
  const { world } = asked;
  const about = query.subject_id ? alike(world, String(query.subject_id)) : null;
  return world
    .all("reminder")
    .filter((row) => about === null || about.has(row.subject_id))
    .sort(by<Reminder>((row) => row.created_at, (row) => row.id))
    .map((row) => shownReminder(asked, row));
}

export function shownReminder(asked: Asked, row: Reminder): KeptReminder {
  if (row.subject === "calendar_event" && row.anchor !== "at") return beforeEach(asked, row);
  const things = row.anchor === "at" ? [row.subject_id] : [...repeating(asked.world, row.subject_id)];
  const moments = things.map((thing) => momentOf(asked, row, thing));
  if (moments.includes(undefined)) return { ...row, next_at: undefined };
  const coming = moments.filter((at) => at !== null && at! > asked.now).map((at) => at!.toISOString());
  return { ...row, next_at: coming.sort()[0] ?? null };
}

/** Before each time an event takes place. */
function beforeEach({ world, me, now }: Asked, row: Reminder): KeptReminder {
  const home = me.user.time_zone;
  const starts = comingStarts(world, row.subject_id, localDay(now, home));
  const usual = usualTime(world);
  const moments = starts?.map((start) => {
    const zone = start.kind === "zoned" ? start.zone : home;
    if (row.time !== null) return instantIn(start.date, row.time, zone);
    const time = timeOf(start) ?? usual;
    return time === undefined ? undefined : before(start.date, time, row.minutes_before ?? 0, zone);
  });
  if (!moments || moments.includes(undefined)) return { ...row, next_at: undefined };
  const coming = moments.filter((at) => at! > now).map((at) => at!.toISOString());
  return { ...row, next_at: coming.sort()[0] ?? null };
}

/** A task and all occurrences of what it repeats, and of what that continues. */
function alike(world: World, id: string): Set<string> {
  const chain: string[] = [];
  let event = world.find("calendar_event", id);
  for (; event && !chain.includes(event.id); event = world.find("calendar_event", event.continues_id))
    chain.push(event.id);
  if (chain.length > 0) return new Set(chain);
  let series = seriesOf(world, id);
  while (series && !chain.includes(series)) {
    chain.push(series);
    series = world.find("series", series)?.continues_id ?? undefined;
  }
  return new Set([id, ...occurrences(world, (each) => chain.includes(each))]);
}

/** A task and the occurrences of its own series. */
function repeating(world: World, id: string): Set<string> {
  const series = seriesOf(world, id);
  return new Set([id, ...(series ? occurrences(world, (each) => each === series) : [])]);
}

function seriesOf(world: World, id: string): string | undefined {
  const task = world.find("task", id);
  return (task?.slot && task.series_id) || undefined;
}

function occurrences(world: World, isOf: (series: string) => boolean): string[] {
  const tasks = world.all("task").filter((task) => task.slot && task.series_id && isOf(task.series_id));
  return tasks.map((task) => task.id);
}

/** When a reminder of this thing comes; null for never, undefined where this device cannot tell. */
function momentOf({ world, me }: Asked, row: Reminder, thing: string): Date | null | undefined {
  const dates = datesOf(world, row.subject, thing);
  if (!dates) return dates;
  const home = me.user.time_zone;
  if (row.anchor === "at")
    return row.on_date && row.time ? instantIn(row.on_date, row.time, row.zone ?? home) : null;
  const date = dates[row.anchor];
  if (!date) return null;
  const zone = date.kind === "zoned" ? date.zone : home;
  if (row.time !== null) return instantIn(date.date, row.time, zone);
  const time = timeOf(date) ?? usualTime(world);
  return time === undefined ? undefined : before(date.date, time, row.minutes_before ?? 0, zone);
}

type Dates = Record<Exclude<Reminder["anchor"], "at">, When | null>;

/** What can be counted from; null for what no longer waits, undefined for what is not known here. */
function datesOf(world: World, subject: Reminder["subject"], id: string): Dates | null | undefined {
  const whole = (date: string | null): When | null => (date ? { kind: "date", date } : null);
  const isKept = (row: { deleted_at: unknown; archived_at: unknown }): boolean =>
    row.deleted_at === null && row.archived_at === null;
  if (subject === "task") {
    const task = world.find("task", id);
    if (!task || !isOpen(task) || !isKept(task)) return null;
    return { due: task.due, start: task.start, deadline: whole(task.deadline) };
  }
  if (subject === "calendar_event") {
    const event = world.find("calendar_event", id);
    return event && event.deleted_at === null ? { due: null, start: null, deadline: null } : null;
  }
  if (subject !== "goal") return undefined;
  const goal = world.find("goal", id);
  if (goal?.status !== "active" || !isKept(goal)) return null;
  return { due: whole(goal.target_date), start: whole(goal.start_date), deadline: whole(goal.target_date) };
}

/** When its person wants to hear of a day without a time, as they last saw it here. */
function usualTime(world: World): string | undefined {
  const seen = world.find("answer", "/preferences")?.data as Preferences | undefined;
  return seen?.notification_time;
}
