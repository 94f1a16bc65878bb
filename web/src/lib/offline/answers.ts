/** Answers the reading requests of the pages from the rows of this device. */
import type {
  CheckIn,
  Comment,
  DataPoint,
  FilterSections,
  Habit,
  Me,
  Note,
  Task,
  Template,
  TimelineEntry,
} from "../api/types";
import { Problem } from "../api/problem";
import { localDay } from "../format/when";
import { matchPath } from "../state/routing";
import { findHere } from "./filtering";
import { type Here, presentOf } from "./filterWords";
import { keptAs, type Query } from "./remembered";
import { counted, explained, lives, shownGoal, shownProject, shownTask } from "./numbers";
import { eventsFor, showOccurrences } from "./appointments";
import { showHabits } from "./habits";
import { entriesFor, moodDays } from "./journal";
import { remindersFor, shownReminder } from "./reminders";
import { showFilter } from "./saved";
import { by, showCalendar, showToday, timeOf } from "./today";
import { lengthOf, sessionsFor, showNow, shownSession, tasksCalled } from "./timers";
import { isOpen, type Kinds, type World } from "./world";

interface Asked {
  world: World;
  me: Me;
  id: string;
  query: Query;
  now: Date;
}

const POINTERS = [
  "project_id",
  "phase_id",
  "goal_id",
  "area_id",
  "parent_id",
  "assignee_id",
  "state",
] as const;
const LAST_DAY = "9999-12-31";
/** What nobody scrolls through; the pages ask for fewer. */
const LONGEST_LIST = 1_000;
const LAST_TIME = "24:00";

/** The addresses known here. One that answers undefined has no such row. */
const ANSWERS: Record<string, (asked: Asked) => unknown> = {
  "/auth/me": ({ me }) => me,
  "/today": ({ world, me, query, now }) =>
    showToday(world, me, String(query.date ?? today(me, now))),
  "/calendar": ({ world, me, query, now }) =>
    showCalendar(world, me, String(query.from ?? today(me, now)), query.to as string | undefined),
  "/habits": ({ world, query }) => page(habitsFor(world, query)),
  "/habits/today": ({ world, me, query, now }) =>
    showHabits(world, String(query.date ?? today(me, now))),
  "/habits/:id": ({ world, id }) => world.find("habit", id),
  "/habits/:id/check-ins": ({ world, id, query }) => page(checkInsOf(world, id, query)),
  "/tasks": ({ world, me, query, now }) =>
    page(
      query.q
        ? tasksFound(findHere(here(world, me, now), String(query.q)))
        : tasksFor(world, query).map((row) => shownTask(world, row)),
    ),
  "/tasks/:id": ({ world, id }) => shown(world, "task", id, shownTask),
  "/tasks/:id/dependencies": ({ world, id }) => ({ items: edgesOf(world, id) }),
  "/goals": ({ world, query }) =>
    page(kept(world, "goal", query, ["area_id", "project_id"]).map((row) => shownGoal(world, row))),
  "/goals/:id": ({ world, id }) => shown(world, "goal", id, shownGoal),
  "/goals/:id/progress": ({ world, id }) => explained(world, "goal_id", id),
  "/goals/:id/data-points": ({ world, id }) =>
    page(
      world
        .all("data_point")
        .filter((point) => point.goal_id === id)
        .sort((a, b) => by<DataPoint>((point) => point.day, (point) => point.id)(b, a)),
    ),
  "/notes": ({ world, query }) => page(notesFor(world, query)),
  "/notes/:id": ({ world, id }) => world.find("note", id),
  "/journal": ({ world, query }) => page(entriesFor(world, query)),
  "/journal/days": ({ world, query }) => moodDays(world, query),
  "/journal/:id": ({ world, id }) => world.find("journal_entry", id),
  "/reminders": ({ query, ...asked }) => page(remindersFor(asked, query)),
  "/reminders/:id": ({ id, ...asked }) => {
    const row = asked.world.find("reminder", id);
    return row && shownReminder(asked, row);
  },
  "/calendar-events": ({ world, query }) => page(eventsFor(world, query)),
  "/calendar-events/occurrences": ({ world, me, query, now }) =>
    showOccurrences(world, me, today(me, now), query),
  "/calendar-events/:id": ({ world, id }) => world.find("calendar_event", id),
  "/focus": ({ world, query }) => page(sessionsFor(world, query)),
  "/focus/now": ({ world, me, now }) => showNow(world, me, now),
  "/focus/:id": ({ world, id }) => {
    const row = world.find("focus_session", id);
    return row && shownSession(world, row);
  },
  "/search": ({ world, query }) => tasksCalled(world, query),
  "/insights/tasks/:id/time": ({ world, id }) => lengthOf(world, id),
  "/comments": ({ world, query }) => page(commentsFor(world, query)),
  "/projects": ({ world, query }) =>
    page(kept(world, "project", query, ["area_id"]).map((row) => shownProject(world, row))),
  "/projects/:id": ({ world, id }) => shown(world, "project", id, shownProject),
  "/projects/:id/progress": ({ world, id }) => explained(world, "project_id", id),
  "/projects/:id/timeline": ({ world, id }) => ({ items: timelineOf(world, id) }),
  "/areas": ({ world, query }) => page(kept(world, "area", query, [])),
  "/areas/:id": ({ world, id }) => world.find("area", id),
  "/areas/:id/summary": ({ world, id }) => summaryOf(world, id),
  "/filters/preview": ({ world, me, query, now }) =>
    (query.about ?? "task") === "task" && query.cursor === undefined
      ? findHere(here(world, me, now), String(query.q))
      : undefined,
  "/filters": ({ world }) => page(world.all("filter").sort(inOrder)),
  "/filters/:id": ({ world, id }) => world.find("filter", id),
  "/filters/:id/sections": ({ world, me, id, now }) =>
    foundAnew(world, me, id, now) ?? showFilter(world, id, today(me, now)),
  "/templates": ({ world }) =>
    page(
      world.all("template").sort(
        by<Template>(
          (template) => template.name,
          (template) => template.id,
        ),
      ),
    ),
  "/templates/:id": ({ world, id }) => world.find("template", id),
  "/labels": ({ world }) => ({
    items: world.all("label").sort(by((label) => label.name.toLowerCase())),
  }),
};

/** The answer of this device, or undefined where it has none. */
export function answerTo(path: string, asked: Omit<Asked, "id">): unknown {
  for (const [pattern, answer] of Object.entries(ANSWERS)) {
    const params = matchPath(pattern, path);
    if (params) return answer({ ...asked, id: params.id ?? "" });
  }
  const name = keptAs(path, asked.query);
  return name === null ? undefined : asked.world.find("answer", name)?.data;
}

function here(world: World, me: Me, now: Date): Here {
  return { world, me, present: presentOf(me, now) };
}

/** What a saved filter finds now, or undefined where only the server can tell. */
function foundAnew(world: World, me: Me, id: string, now: Date): FilterSections | undefined {
  const saved = world.find("filter", id);
  try {
    return saved && findHere(here(world, me, now), saved.query);
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

/** All sections in one list, as lists of tasks show them. */
function tasksFound({ sections }: FilterSections): Task[] {
  const found = sections.flatMap(({ groups }) => groups.flatMap(({ items }) => items as Task[]));
  return [...new Map(found.map((task) => [task.id, task])).values()];
}

function today(me: Me, now: Date): string {
  return localDay(now, me.user.time_zone, me.user.day_start_minutes);
}

/** A list in one page: everything is here already. */
function page<T>(items: T[]): { items: T[]; next_cursor: null } {
  return { items, next_cursor: null };
}

function shown<E extends keyof Kinds>(
  world: World,
  entity: E,
  id: string,
  derive: (world: World, row: Kinds[E]) => Kinds[E],
): Kinds[E] | undefined {
  const row = world.find(entity, id);
  return row && derive(world, row);
}

function isListed(
  row: { deleted_at?: string | null; archived_at?: string | null },
  include: Query[string],
): boolean {
  if (row.deleted_at && include !== "deleted") return false;
  return !row.archived_at || include === "archived";
}

function kept<E extends "area" | "project" | "goal">(
  world: World,
  entity: E,
  query: Query,
  pointers: string[],
): Kinds[E][] {
  return world
    .all(entity)
    .filter((row) => isListed(row, query.include))
    .filter((row) =>
      [...pointers, "status"].every(
        (name) =>
          query[name] === undefined || (row as Record<string, unknown>)[name] === query[name],
      ),
    )
    .sort(inOrder);
}

const inOrder = by<{ position: string; id: string }>(
  (row) => row.position,
  (row) => row.id,
);

function tasksFor(world: World, query: Query): Task[] {
  const settled = ["done", "cancelled", "skipped"].includes(String(query.state));
  const wantsOpen = query.completed === undefined ? !settled : !truthy(query.completed);
  return world
    .all("task")
    .filter((task) => isListed(task, query.include) && isOpen(task) === wantsOpen)
    .filter((task) => POINTERS.every((name) => !query[name] || task[name] === query[name]))
    .filter((task) => !query.due_before || (task.due?.date ?? LAST_DAY) < String(query.due_before))
    .filter((task) => !query.due_after || (task.due?.date ?? "") > String(query.due_after))
    .filter((task) => !query.label_id || task.labels.some((each) => each.id === query.label_id))
    .sort(ORDERS[String(query.sort ?? "rank")] ?? ORDERS.rank)
    .slice(0, LONGEST_LIST);
}

function truthy(value: Query[string]): boolean {
  return value === true || value === "true";
}

const ORDERS: Record<string, (a: Task, b: Task) => number> = {
  rank: by<Task>(
    (task) => task.rank,
    (task) => task.id,
  ),
  due: by<Task>(
    (task) => task.due?.date ?? LAST_DAY,
    (task) => timeOf(task.due) ?? LAST_TIME,
    (task) => task.rank,
  ),
  created: (a, b) => by<Task>((task) => task.created_at)(b, a),
  updated: (a, b) => by<Task>((task) => task.updated_at)(b, a),
};

function habitsFor(world: World, query: Query): Habit[] {
  return world
    .all("habit")
    .filter((habit) => isListed(habit, query.include))
    .sort(by<Habit>((habit) => habit.created_at));
}

function isOn(row: object, query: Query): boolean {
  return ["task_id", "goal_id", "project_id", "area_id"].every(
    (name) => !query[name] || (row as Record<string, unknown>)[name] === query[name],
  );
}

function notesFor(world: World, query: Query): Note[] {
  return world
    .all("note")
    .filter((note) => isOn(note, query) && (note.deleted_at !== null) === truthy(query.deleted))
    .sort((a, b) => by<Note>((note) => Number(note.pinned), (note) => note.updated_at)(b, a));
}

function commentsFor(world: World, query: Query): Comment[] {
  const rows = world.all("comment").filter((comment) => isOn(comment, query));
  return rows.sort(by<Comment>((comment) => comment.created_at));
}

function checkInsOf(world: World, id: string, query: Query): CheckIn[] {
  return world
    .all("check_in")
    .filter((record) => record.habit_id === id && (!query.day || record.day === query.day))
    .sort((a, b) => by<CheckIn>((record) => record.day, (record) => record.id)(b, a));
}

function edgesOf(world: World, id: string): unknown[] {
  return world
    .all("dependency")
    .filter((edge) => edge.blocker_id === id || edge.blocked_id === id)
    .map((edge) => ({
      ...edge,
      blocker_title: world.find("task", edge.blocker_id)?.title ?? "",
      blocked_title: world.find("task", edge.blocked_id)?.title ?? "",
    }));
}

function summaryOf(world: World, id: string): unknown {
  const area = world.find("area", id);
  const inside = (row: { area_id: string | null; deleted_at: unknown; archived_at: unknown }) =>
    row.area_id === id && row.deleted_at === null && row.archived_at === null;
  if (!area) return undefined;
  const goals = world.all("goal").filter((goal) => inside(goal) && goal.status === "active");
  return {
    area,
    ...counted(world, "area_id", id),
    active_goals: goals.length,
    projects: world.all("project").filter(inside).length,
  };
}

function timelineOf(world: World, id: string): TimelineEntry[] {
  const tasks = world.all("task").filter((task) => task.project_id === id && lives(task));
  const endOf = (task: Task): string | null => task.due?.date ?? task.deadline;
  const phases = (world.find("project", id)?.phases ?? []).map((phase): TimelineEntry => {
    const own = tasks.filter((task) => task.phase_id === phase.id);
    const starts = own.map((task) => task.start?.date ?? endOf(task)).filter((day) => day !== null);
    const ends = own.map(endOf).filter((day) => day !== null);
    return {
      kind: "phase",
      id: phase.id,
      title: phase.name,
      start_date: starts.sort()[0] ?? null,
      end_date: ends.sort().at(-1) ?? null,
      done: own.length > 0 && own.every((task) => !isOpen(task)),
    };
  });
  const goals = world
    .all("goal")
    .filter((goal) => goal.project_id === id && goal.deleted_at === null)
    .map(
      (goal): TimelineEntry => ({
        kind: "goal",
        id: goal.id,
        title: goal.title,
        start_date: goal.start_date,
        end_date: goal.target_date,
        done: goal.status === "completed",
      }),
    );
  const dated = tasks
    .map(
      (task): TimelineEntry => ({
        kind: "task",
        id: task.id,
        title: task.title,
        start_date: task.start?.date ?? null,
        end_date: endOf(task),
        done: task.state === "done",
      }),
    )
    .filter((entry) => entry.start_date !== null || entry.end_date !== null);
  return [...phases, ...goals, ...dated].sort(
    by<TimelineEntry>(
      (entry) => entry.start_date ?? entry.end_date ?? null,
      (entry) => entry.end_date ?? null,
      (entry) => entry.id,
    ),
  );
}
