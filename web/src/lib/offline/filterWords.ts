/** What this device can judge of a task without the server: places, words, days, states, numbers. */
import type { Me, Task } from "../api/types";
import { entry } from "../format/tables";
import { localDay } from "../format/when";
import { dayCalled, type Present } from "./filterDays";
import { hasPhrase, hasWords, isCalled } from "./folding";
import { blockersOf, lives } from "./numbers";
import { by, dayOf, timeOf } from "./today";
import { isOpen, type World } from "./world";

export type Test = (task: Task) => boolean;
/** A value a task is compared by; null is never within a range. */
type Value = (task: Task) => string | number | null;

export interface Here {
  world: World;
  me: Me;
  present: Present;
}

export function presentOf(me: Me, now: Date): Present {
  const { time_zone, day_start_minutes, week_start } = me.user;
  const weekStart = { monday: 0, saturday: 5, sunday: 6 }[week_start];
  return { today: localDay(now, time_zone, day_start_minutes), weekStart };
}

export function wordTest(text: string, exact: boolean): Test {
  const has = exact ? hasPhrase : hasWords;
  return (task) => has([task.title, task.notes, task.waiting_for ?? ""], text);
}

/** A test for `#Project/Phase`, `@label`, `~area` or `^goal`. */
export function placeTest({ world }: Here, sign: string, name: string, phase?: string): Test {
  const named = (rows: { id: string; name?: string; title?: string }[]): Set<string> =>
    new Set(rows.filter((row) => isCalled(row.name ?? row.title ?? "", name)).map(({ id }) => id));
  const within = (id: string | null, ids: Set<string>): boolean => id !== null && ids.has(id);
  switch (sign) {
    case "@":
      return (task) => task.labels.some((label) => isCalled(label.name, name));
    case "~": {
      const areas = named(world.all("area"));
      return (task) => within(task.area_id, areas);
    }
    case "^": {
      const goals = named(world.all("goal"));
      return (task) => within(task.goal_id, goals);
    }
    default: {
      const projects = named(world.all("project"));
      const phases = world
        .all("project")
        .filter(({ id }) => projects.has(id))
        .flatMap((project) => project.phases ?? [])
        .filter((each) => phase !== undefined && isCalled(each.name, phase));
      const ids = new Set(phases.map(({ id }) => id));
      const inside: Test =
        phase === undefined
          ? (task) => within(task.project_id, projects)
          : (task) => within(task.phase_id, ids);
      return sign === "##" ? inside : (task) => inside(task) && task.parent_id === null;
    }
  }
}

/** The test for `is:word`, `has:word` or `no:word`; undefined for what only the server knows. */
export function stateTest(here: Here, field: string, word: string): Test | undefined {
  if (field === "is") return entry(IS, word)?.(here);
  const more = field === "has" ? entry(MORE, word) : undefined;
  if (more) return more(here);
  const there = entry(THERE, word)?.(here);
  if (!there || field === "has") return there;
  return field === "no" ? (task) => !there(task) : undefined;
}

/** The value behind a qualifier that is compared; undefined for what only the server knows. */
export function valueOf({ me }: Here, field: string): Value | undefined {
  const { time_zone: zone, day_start_minutes: turn } = me.user;
  const values: Record<string, Value> = {
    due: (task) => task.due && dayOf(task.due, zone),
    start: (task) => task.start && dayOf(task.start, zone),
    deadline: (task) => task.deadline,
    created: (task) => localDay(new Date(task.created_at), zone, turn),
    priority: (task) => task.priority,
    duration: (task) => task.duration_minutes,
  };
  return entry(values, field);
}

const PLANNED = ["due", "deadline", "start"];

/** Reads one end of a range: a day, a length or a number; null for anything else. */
export function readEnd({ present }: Here, field: string, text: string): string | number | null {
  if (field === "priority") return /^[1-4]$/.test(text) ? Number(text) : null;
  if (field !== "duration") return dayCalled(text, present, !PLANNED.includes(field));
  const length = /^(?:(\d{1,4})h)?(?:(\d{1,6})(?:m|min)?)?$/i.exec(text);
  return length && text ? Number(length[1] ?? 0) * 60 + Number(length[2] ?? 0) : null;
}

type Make = (here: Here) => Test;
const inState =
  (...states: Task["state"][]): Make =>
  () =>
  (task) =>
    states.includes(task.state);

const IS: Record<string, Make> = {
  archived: () => (task) => task.archived_at !== null,
  blocked: ({ world }) => (task) => blockersOf(world, task.id).length > 0,
  blocking: ({ world }) => {
    const waiting = world.all("dependency").filter((edge) => {
      const blocked = world.find("task", edge.blocked_id);
      return edge.kind === "blocks" && blocked && isOpen(blocked) && blocked.deleted_at === null;
    });
    const ids = new Set(waiting.map((edge) => edge.blocker_id));
    return (task) => isOpen(task) && ids.has(task.id);
  },
  cancelled: inState("cancelled"),
  completed: inState("done"),
  deferred:
    ({ me, present }) =>
    (task) =>
      isOpen(task) && task.start !== null && dayOf(task.start, me.user.time_zone) > present.today,
  doing: inState("doing"),
  done: inState("done"),
  inbox: inState("inbox"),
  open: () => isOpen,
  overdue:
    ({ me, present }) =>
    (task) =>
      isOpen(task) && task.due !== null && dayOf(task.due, me.user.time_zone) < present.today,
  recurring: () => (task) => task.slot !== null,
  subtask: () => (task) => task.parent_id !== null,
  todo: inState("todo"),
  waiting: inState("waiting"),
};

const THERE: Record<string, Make> = {
  area: () => (task) => task.area_id !== null,
  assignee: () => (task) => task.assignee_id !== null,
  date: () => (task) => task.due !== null,
  deadline: () => (task) => task.deadline !== null,
  duration: () => (task) => task.duration_minutes !== null,
  goal: () => (task) => task.goal_id !== null,
  label: () => (task) => task.labels.length > 0,
  note: ({ world }) => {
    const about = new Set(
      world.all("note").filter((note) => note.deleted_at === null).map((note) => note.task_id),
    );
    return (task) => task.notes !== "" || about.has(task.id);
  },
  project: () => (task) => task.project_id !== null,
  start: () => (task) => task.start !== null,
};

const MORE: Record<string, Make> = {
  comment: ({ world }) => {
    const about = new Set(world.all("comment").map((comment) => comment.task_id));
    return (task) => about.has(task.id);
  },
  subtask: ({ world }) => (task) => world.childrenOf(task.id).some(lives),
};

type Key = (task: Task) => string | number | null;
/** What tasks are sorted by; what has no value comes last, whichever way it runs. */
const SORTS: Record<string, Key[]> = {
  created: [(task) => task.created_at],
  deadline: [(task) => task.deadline],
  due: [(task) => task.due?.date ?? null, (task) => timeOf(task.due)],
  duration: [(task) => task.duration_minutes],
  priority: [(task) => task.priority],
  rank: [(task) => task.rank],
  start: [(task) => task.start?.date ?? null],
  title: [(task) => task.title.toLowerCase()],
};

export const isSortable = (name: string): boolean => entry(SORTS, name) !== undefined;

/** Compares by the named keys, `-` in front turning one, and by id in the end. */
export function orderBy(names: readonly string[]): (a: Task, b: Task) => number {
  const orders = names.map((name) => {
    const turned = name.startsWith("-");
    const keys = entry(SORTS, turned ? name.slice(1) : name) ?? [];
    const missing = keys.slice(0, 1).map((key): Key => (task) => Number(key(task) === null));
    const [last, order] = [by<Task>(...missing), by<Task>(...keys)];
    return (a: Task, b: Task): number => last(a, b) || (turned ? order(b, a) : order(a, b));
  });
  const id = by<Task>((task) => task.id);
  return (a, b) => {
    for (const order of orders) {
      const found = order(a, b);
      if (found !== 0) return found;
    }
    return id(a, b);
  };
}
