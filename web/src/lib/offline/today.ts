/** Today and the calendar as the server shows them, from the rows of this device. */
import type { Calendar, CalendarDay, Me, Task, Today, When } from "../api/types";
import { instantIn } from "../format/moments";
import { addDays, daysBetween, localDay } from "../format/when";
import { eventsOn } from "./appointments";
import { showHabits } from "./habits";
import { blockersOf, lives, shownGoal, shownTask } from "./numbers";
import { grouped, isOpen, type World } from "./world";

const NEXT_TASKS = 5;
const BARS = 14;
const USUAL_DAYS = 14;
const NO_HABITS = { habits: [], ring: { done: 0, planned: 0 } };

/** The local day a plan falls on: a time in another zone may fall on another day. */
export function dayOf(when: When, zone: string): string {
  if (when.kind !== "zoned" || when.zone === zone) return when.date;
  return localDay(instantIn(when.date, when.time, when.zone), zone);
}

/** Compares by the first key that differs; null comes last. */
export function by<T>(...keys: ((row: T) => string | number | null)[]): (a: T, b: T) => number {
  return (a, b) => {
    for (const key of keys) {
      const [one, other] = [key(a), key(b)];
      if (one === other) continue;
      if (one === null || other === null) return one === null ? 1 : -1;
      return one < other ? -1 : 1;
    }
    return 0;
  };
}

export function timeOf(when: When | null): string | null {
  return when && when.kind !== "date" ? when.time.slice(0, 5) : null;
}

const byPlan = by<Task>(
  (task) => task.due?.date ?? null,
  (task) => timeOf(task.due),
  (task) => task.priority,
  (task) => task.rank,
);
const byPriority = by<Task>(
  (task) => task.priority,
  (task) => task.rank,
);

function isMine(task: Task, me: Me): boolean {
  return task.assignee_id === null || task.assignee_id === me.user.id;
}

export function showToday(world: World, me: Me, date: string): Today {
  const zone = me.user.time_zone;
  const tasks = world.all("task").filter((task) => task.deleted_at === null);
  const actionable = tasks.filter(
    (task) =>
      isOpen(task) &&
      task.archived_at === null &&
      (task.start === null || task.start.date <= date) &&
      (!task.waiting_until || task.waiting_until <= date) &&
      isMine(task, me) &&
      blockersOf(world, task.id).length === 0,
  );
  const days = new Map(actionable.map((task) => [task, task.due && dayOf(task.due, zone)]));
  const due = actionable.filter((task) => days.get(task) === date).sort(byPlan);
  const overdue = actionable.filter((task) => (days.get(task) ?? date) < date).sort(byPlan);
  const returning = actionable
    .filter((task) => task.waiting_until && (days.get(task) ?? LATER) > date)
    .sort(by<Task>((task) => task.waiting_until ?? null, (task) => task.priority));
  const { done, bars } = doneUntil(tasks, me, date);
  const planned = done.length + due.length + overdue.length + returning.length;
  const shown = (rows: Task[]): Task[] => rows.map((task) => shownTask(world, task));
  const seen = world.find("answer", "/today")?.data as Today | undefined;
  const habits = showHabits(world, date) ?? NO_HABITS;
  return {
    date,
    overdue: shown(overdue),
    due: shown(due),
    returning: shown(returning),
    done: shown(done),
    next: shown(nextOf(world, actionable)),
    habits: habits.habits,
    rings: { habits: habits.ring, tasks: { done: done.length, planned } },
    days: bars,
    at_risk: seen?.at_risk ?? [],
    events: eventsOn(world, { first: date, last: date, zone }, (day) =>
      seen?.date === day ? seen.events : foreseenOn(world, day)?.events,
    )(date),
  };
}

/** A day of the calendar as the server last foresaw it. */
function foreseenOn(world: World, date: string): CalendarDay | undefined {
  const seen = world.find("answer", "/calendar")?.data as Calendar | undefined;
  return seen?.days.find((day) => day.date === date);
}

const LATER = "9999-12-31";

/** What was done on a day, and how much on each of those before it. */
function doneUntil(tasks: Task[], me: Me, date: string): { done: Task[]; bars: Today["days"] } {
  const { time_zone: zone, day_start_minutes: start } = me.user;
  // An instant's text is at most a day off its local day.
  const since = addDays(date, -BARS - 1);
  const settled = tasks.filter((task) => task.state === "done" && task.completed_at! >= since);
  const counts = grouped(settled, (task) => localDay(new Date(task.completed_at!), zone, start));
  const dates = Array.from({ length: BARS }, (_, index) => addDays(date, index + 1 - BARS));
  return {
    done: (counts.get(date) ?? []).sort(by<Task>((task) => task.completed_at ?? null)),
    bars: dates.map((day) => ({ date: day, done: counts.get(day)?.length ?? 0 })),
  };
}

/** What could come next: undated steps of active goals. */
function nextOf(world: World, actionable: Task[]): Task[] {
  return actionable
    .filter((task) => task.due === null && !task.waiting_until)
    .filter((task) => world.find("goal", task.goal_id)?.status === "active")
    .filter((task) => !world.childrenOf(task.id).some(lives))
    .sort(byPriority)
    .slice(0, NEXT_TASKS);
}

/** The days from one to another. What repeats shows the dates that the server last foresaw. */
export function showCalendar(world: World, me: Me, from: string, to?: string): Calendar {
  const last = to ?? addDays(from, USUAL_DAYS - 1);
  const tasks = world
    .all("task")
    .filter((task) => lives(task) && task.archived_at === null && isMine(task, me));
  const planned = tasks.filter((task) => task.due !== null).sort(byPlan);
  const due = grouped(planned, (task) => dayOf(task.due!, me.user.time_zone));
  const deadlines = grouped(
    tasks.filter((task) => task.deadline !== null && isOpen(task)).sort(byPriority),
    (task) => task.deadline!,
  );
  const goals = grouped(
    world.all("goal").filter((goal) => goal.status === "active" && !goal.deleted_at),
    (goal) => goal.target_date ?? "",
  );
  const seen = world.find("answer", "/calendar")?.data as Calendar | undefined;
  // What was to come may be there by now.
  const there = new Set(world.all("task").map((task) => `${task.series_id} ${task.slot}`));
  const foreseen = new Map(seen?.days.map((day) => [day.date, day]));
  const shown = (rows: Task[] = []): Task[] => rows.map((task) => shownTask(world, task));
  const span = { first: from, last, zone: me.user.time_zone };
  const events = eventsOn(world, span, (date) => foreseen.get(date)?.events);
  const days = Array.from({ length: daysBetween(from, last) + 1 }, (_, index): CalendarDay => {
    const date = addDays(from, index);
    const day = foreseen.get(date);
    return {
      habits: [],
      ...day,
      events: events(date),
      occurrences: (day?.occurrences ?? []).filter((each) => !there.has(`${each.series_id} ${each.slot}`)),
      date,
      tasks: shown(due.get(date)),
      deadlines: shown(deadlines.get(date)),
      goals: (goals.get(date) ?? []).map((goal) => shownGoal(world, goal)),
    };
  });
  return { from, to: last, days };
}
