/** Today as the server shows it, from the rows of this device. */
import type { Me, Task, Today, When } from "../api/types";
import { addDays, localDay } from "../format/when";
import { blockersOf, shownTask } from "./numbers";
import { grouped, isOpen, type World } from "./world";

const NEXT_TASKS = 5;
const BARS = 14;
/** What only the server reckons: the paths of goals, and the verdicts of habits. */
const RECKONED_ELSEWHERE = { at_risk: [], habits: [] };

/** The instant of a wall time in a zone, by the offset that holds there then. */
function instantIn(date: string, time: string, zone: string): Date {
  const wanted = Date.parse(`${date}T${time.slice(0, 5)}:00Z`);
  const offset = (at: number): number => {
    const parts = new Intl.DateTimeFormat("sv", {
      timeZone: zone,
      dateStyle: "short",
      timeStyle: "medium",
    }).format(at);
    return Date.parse(`${parts.replace(" ", "T")}Z`) - at;
  };
  const near = wanted - offset(wanted);
  return new Date(wanted - offset(near));
}

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

export function showToday(world: World, me: Me, date: string): Today {
  const zone = me.user.time_zone;
  const doneOn = (task: Task): string =>
    localDay(new Date(task.completed_at!), zone, me.user.day_start_minutes);
  const tasks = world.all("task").filter((task) => task.deleted_at === null);
  const actionable = tasks.filter(
    (task) =>
      isOpen(task) &&
      task.archived_at === null &&
      (task.start === null || task.start.date <= date) &&
      (task.assignee_id === null || task.assignee_id === me.user.id) &&
      blockersOf(world, task.id).length === 0,
  );
  const planned = actionable
    .filter((task) => task.due !== null)
    .sort(
      by<Task>(
        (task) => task.due!.date,
        (task) => timeOf(task.due),
        (task) => task.priority,
        (task) => task.rank,
      ),
    );
  // An instant's text is at most a day off its local day.
  const since = addDays(date, -BARS - 1);
  const settled = tasks.filter((task) => task.state === "done" && task.completed_at! >= since);
  const done = settled
    .filter((task) => doneOn(task) === date)
    .sort(by<Task>((task) => task.completed_at ?? null));
  const due = planned.filter((task) => dayOf(task.due!, zone) === date);
  const overdue = planned.filter((task) => dayOf(task.due!, zone) < date);
  const shown = (rows: Task[]): Task[] => rows.map((task) => shownTask(world, task));
  const counts = grouped(settled, doneOn);
  const days = Array.from({ length: BARS }, (_, index) => addDays(date, index + 1 - BARS));
  const day = {
    ...RECKONED_ELSEWHERE,
    date,
    overdue: shown(overdue),
    due: shown(due),
    done: shown(done),
    next: shown(nextOf(world, actionable)),
    rings: { tasks: { done: done.length, planned: done.length + due.length + overdue.length } },
    days: days.map((each) => ({ date: each, done: counts.get(each)?.length ?? 0 })),
  };
  return day as unknown as Today;
}

/** What could come next: undated steps of active goals. */
function nextOf(world: World, actionable: Task[]): Task[] {
  return actionable
    .filter((task) => task.due === null && world.find("goal", task.goal_id)?.status === "active")
    .filter((task) => world.childrenOf(task.id).every((child) => child.state === "cancelled"))
    .sort(
      by<Task>(
        (task) => task.priority,
        (task) => task.rank,
      ),
    )
    .slice(0, NEXT_TASKS);
}
