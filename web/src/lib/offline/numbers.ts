/** What the server derives from tasks, derived here by the same rule: leaves count by weight. */
import type { Goal, GoalProgress, Project, Task } from "../api/types";
import { isOpen, type Container, type World } from "./world";

const DIGITS = 10_000;

/** Whether a task counts: neither deleted nor given up. */
export function lives(task: Task): boolean {
  return task.deleted_at === null && task.state !== "cancelled" && task.state !== "skipped";
}

function isLeaf(world: World, task: Task): boolean {
  return !world.childrenOf(task.id).some(lives);
}

/** What repeats has no end to progress to: it counts as open, and never as done for good. */
function repeats(task: Task): boolean {
  return Boolean(task.series_id ?? task.repeat);
}

function leavesIn(world: World, column: Container, id: string): Task[] {
  return world.tasksIn(column, id).filter((task) => lives(task) && isLeaf(world, task));
}

function share(tasks: Task[]): number | null {
  const sum = (rows: Task[]): number => rows.reduce((total, task) => total + task.weight, 0);
  if (tasks.length === 0) return null;
  const done = tasks.filter((task) => task.state === "done");
  return Math.round((sum(done) / sum(tasks)) * DIGITS) / DIGITS;
}

export interface Counted {
  progress: number | null;
  open_tasks: number;
  done_tasks: number;
}

export function counted(world: World, column: Container, id: string): Counted {
  const leaves = leavesIn(world, column, id);
  const single = leaves.filter((task) => !repeats(task));
  return {
    progress: share(single),
    open_tasks: leaves.filter(isOpen).length,
    done_tasks: single.filter((task) => task.state === "done").length,
  };
}

/** Goals that are on a way from one number to another; the rest go by their tasks. */
const MEASURED: readonly string[] = ["reach", "reduce", "habit"] satisfies Goal["kind"][];

export function shownGoal(world: World, goal: Goal): Goal {
  const { progress, ...counts } = counted(world, "goal_id", goal.id);
  const measured = goal.start_value !== null && MEASURED.includes(goal.kind);
  return { ...goal, ...counts, progress: measured ? goal.progress : progress };
}

export function shownProject(world: World, project: Project): Project {
  return { ...project, ...counted(world, "project_id", project.id) };
}

export function shownTask(world: World, task: Task): Task {
  const children = world.childrenOf(task.id);
  const blockers = blockersOf(world, task.id);
  return {
    ...task,
    blocked: blockers.length > 0,
    blocked_by: blockers,
    subtasks_open: children.filter(isOpen).length,
    subtasks_done: children.filter((child) => child.state === "done").length,
    progress: task.state === "done" ? 1 : (share(leavesBelow(world, task)) ?? 0),
  };
}

function leavesBelow(world: World, task: Task): Task[] {
  return world
    .childrenOf(task.id)
    .filter(lives)
    .flatMap((child) => (isLeaf(world, child) ? [child] : leavesBelow(world, child)));
}

/** The open tasks that have to be settled before this one. */
export function blockersOf(world: World, id: string): string[] {
  return world
    .edgesTo(id)
    .filter((edge) => edge.kind === "blocks")
    .map((edge) => world.find("task", edge.blocker_id))
    .filter((task) => task !== undefined && isOpen(task) && task.deleted_at === null)
    .map((task) => task!.id);
}

export function explained(world: World, column: Container, id: string): GoalProgress {
  const leaves = leavesIn(world, column, id)
    .filter((task) => !repeats(task))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1));
  const whole = share(leaves);
  const done = leaves.filter((task) => task.state === "done").length;
  const tasks = leaves.length === 1 ? "task" : "tasks";
  return {
    progress: whole,
    explanation:
      whole === null
        ? "No tasks yet."
        : `${done} of ${leaves.length} ${tasks}, by weight ${Math.round(whole * 100)} %`,
    parts: leaves.map(({ id: task, title, weight, state }) => ({
      kind: "task" as const,
      id: task,
      title,
      weight,
      done: state === "done",
    })),
  };
}
