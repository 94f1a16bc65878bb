/** Saved filters and templates as this device knows them. */
import { newId } from "../api/ids";
import type { FilterSections, Goal, HabitDay, Task, Template } from "../api/types";
import { addDays } from "../format/when";
import { showHabits } from "./habits";
import { shownGoal, shownTask } from "./numbers";
import type { Draft } from "./requests";
import { isOpen, type World } from "./world";

/** A tree of tasks is this deep at most; whether more fits is the server's to say. */
const DEEPEST = 5;

/**
 * What a filter last found, as it is now. The language of filters is the server's: one that was
 * never opened here, or asks for something else since, has no answer.
 */
export function showFilter(world: World, id: string, today: string): FilterSections | undefined {
  const answer = world.find("answer", `/filters/${id}/sections`);
  const seen = answer?.data as FilterSections | undefined;
  if (!seen || seen.text !== world.find("filter", id)?.query) return undefined;
  const days = new Map(showHabits(world, today)?.habits.map((day) => [day.habit.id, day]));
  const now = {
    task: (before: Task): Task[] => {
      const task = world.find("task", before.id);
      const stays = task && task.deleted_at === null && (isOpen(task) || !isOpen(before));
      return stays ? [shownTask(world, task)] : [];
    },
    goal: (before: Goal): Goal[] => {
      const goal = world.find("goal", before.id);
      const stays = goal && goal.deleted_at === null && goal.status === before.status;
      return stays ? [shownGoal(world, goal)] : [];
    },
    habit: (before: HabitDay): HabitDay[] => {
      const stays = world.find("habit", before.habit.id)?.deleted_at === null;
      return stays ? [days.get(before.habit.id) ?? before] : [];
    },
  };
  const sections = seen.sections.map((section) => {
    const look = now[section.kind] as (before: unknown) => unknown[];
    const groups = section.groups.map((group) => ({
      ...group,
      items: (group.items as unknown[]).flatMap(look),
    }));
    return { ...section, groups } as typeof section;
  });
  return { ...seen, sections };
}

/** When and where a template is used. */
export interface Use {
  start_date?: string | null;
  parent_id?: string;
  project_id?: string;
}

/** A template's tasks one by one, the same that the server makes of it; null where it makes more. */
export function planted(world: World, template: Template, use: Use, today: string): Draft[] | null {
  if (template.tasks.some(needsServer)) return null;
  const { start_date: start, ...place } = use;
  const phases = world.find("project", use.project_id)?.phases ?? [];
  const wanted = use.project_id ? template.tasks.flatMap((line) => line.phase ?? []) : [];
  if (!wanted.every((name) => phases.some((phase) => phase.name === name))) return null;
  if (depthOf(world, use.parent_id) + Math.max(...template.tasks.map(({ depth }) => depth)) > DEEPEST)
    return null;
  const day = (after: number | null): string | null =>
    after === null ? null : addDays(start ?? today, after);
  const plan = (after: number | null, time: string | null = null): object | null => {
    const date = day(after);
    if (date === null) return null;
    return time ? { kind: "floating", date, time } : { kind: "date", date };
  };
  const above: string[] = [];
  return template.tasks.map((line, number): Draft => {
    const parent_id = above[line.depth - 1];
    // Ids are their order too, and these are made in one moment.
    const id = newId(Date.now() + number);
    above.splice(line.depth, above.length, id);
    const phase_id = phases.find((phase) => phase.name === line.phase)?.id;
    const where = parent_id ? { parent_id } : { ...place, ...(phase_id && { phase_id }) };
    const { title, notes, priority, duration_minutes, weight, labels } = line;
    const fields = {
      ...{ title, notes, priority, duration_minutes, weight, labels, ...where },
      due: plan(line.due_day, line.due_time),
      start: plan(line.start_day),
      deadline: day(line.deadline_day),
    };
    return { entity: "task", entity_id: id, verb: "create", fields };
  });
}

/** Whether a line says more than a device writes down: ties, how it repeats, times in a zone. */
function needsServer(line: Template["tasks"][number]): boolean {
  const { ties, repeat, start_time, start_zone, due_zone } = line;
  return Boolean(ties?.length || repeat || start_time || start_zone || due_zone);
}

/** How many tasks lie above what is put under this one. */
function depthOf(world: World, parent: string | undefined): number {
  const task = world.find("task", parent);
  return task ? 1 + depthOf(world, task.parent_id ?? undefined) : 0;
}
