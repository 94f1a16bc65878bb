/** Which requests of the app can wait for the network, and as what operations. */
import { newId } from "../api/ids";
import type { When } from "../api/types";
import { aThing } from "../format/words";
import type { Entity, Verb } from "./wire";

export interface Draft {
  entity: Entity;
  entity_id: string;
  verb: Verb;
  fields: Record<string, unknown>;
}

type Body = Record<string, unknown>;

/** What stands first in an address. */
const NOUNS: Record<string, Entity> = {
  areas: "area",
  comments: "comment",
  filters: "filter",
  goals: "goal",
  habits: "habit",
  journal: "journal_entry",
  labels: "label",
  notes: "note",
  projects: "project",
  reminders: "reminder",
  tasks: "task",
  templates: "template",
};
/** What stands below a row, and the field that names this row. */
const PARTS: Record<string, { entity: Entity; of: string; usual?: Body }> = {
  "check-ins": { entity: "check_in", of: "habit_id" },
  "data-points": { entity: "data_point", of: "goal_id" },
  dependencies: { entity: "dependency", of: "blocked_id", usual: { kind: "blocks" } },
};
const VERBS: readonly string[] = [
  "complete",
  "reopen",
  "cancel",
  "skip",
  "archive",
  "unarchive",
  "restore",
  "move",
] satisfies Verb[];

/** Where a line is read by the server; without one it is caught as it was typed. */
export const QUICK_ADD = "/quick-add";

/** When a task is due, as this device knows it. */
type DueOf = (task: string) => When | null | undefined;

/** The operations that do the same as this request; null where only the server can do it. */
export function draftsOf(
  method: string,
  path: string,
  body: unknown,
  dueOf: DueOf = () => undefined,
): Draft[] | null {
  const [, noun = "", id, part, partId] = path.split("/");
  const entity = NOUNS[noun];
  // As JSON has it: what is undefined is not there.
  const fields = JSON.parse(JSON.stringify(body ?? {})) as Body;
  if (method === "POST" && path === QUICK_ADD) return [captured(fields)];
  if (!entity) return null;
  if (id === undefined) return method === "POST" ? [created(entity, fields)] : null;
  if (noun === "tasks" && id === "bulk") return bulk(fields, dueOf);
  if (entity === "habit" && part === "skip") return [leftOut(id, fields)];
  if (part !== undefined && part in PARTS) return below(method, id, part, partId, fields);
  if (partId !== undefined) return null;
  const verb = verbOf(method, part);
  return verb === null || ofSeries(fields) ? null : [{ entity, entity_id: id, verb, fields }];
}

function verbOf(method: string, part: string | undefined): Verb | null {
  if (part === undefined && method === "DELETE") return "delete";
  if (part === undefined && method === "PATCH") return "update";
  return method === "POST" && part !== undefined && VERBS.includes(part) ? (part as Verb) : null;
}

/** An edit of more than one occurrence touches rows that only the server has. */
function ofSeries(fields: Body): boolean {
  return fields.scope !== undefined && fields.scope !== "this";
}

function created(entity: Entity, { id, ...fields }: Body): Draft {
  return { entity, entity_id: typeof id === "string" ? id : newId(), verb: "create", fields };
}

function below(
  method: string,
  parent: string,
  part: string,
  id: string | undefined,
  fields: Body,
): Draft[] | null {
  const { entity, of, usual } = PARTS[part]!;
  if (id === undefined)
    return method === "POST" ? [created(entity, { ...usual, ...fields, [of]: parent })] : null;
  const verb = verbOf(method, undefined);
  return verb && [{ entity, entity_id: id, verb, fields }];
}

function leftOut(habit: string, { id, day, reason = "" }: Body): Draft {
  const fields = { habit_id: habit, kind: "skip", note: reason, ...(day ? { day } : {}) };
  return created("check_in", { id, ...fields });
}

function captured({ id, text, defaults }: Body): Draft {
  const title = String(text).replaceAll(/\s+/g, " ").trim();
  return created("task", { id, title, ...(defaults as Body | undefined) });
}

function bulk({ task_ids, action }: Body, dueOf: DueOf): Draft[] | null {
  const { kind, fields = {}, date, ...place } = action as { kind: string; [part: string]: unknown };
  const each = (verb: Verb, told: (id: string) => unknown): Draft[] =>
    (task_ids as string[]).map((id) => ({
      entity: "task",
      entity_id: id,
      verb,
      fields: told(id) as Body,
    }));
  // Behind another one means behind each other as well, which the server sees to.
  if (kind === "move") return "after_id" in place ? null : each("move", () => place);
  if (kind === "reschedule")
    return each("update", (id) => ({ due: { kind: "date", ...dueOf(id), date } }));
  if (!["update", "delete", ...VERBS].includes(kind)) return null;
  return each(kind as Verb, () => fields);
}

const WORDS: Record<Verb, string> = {
  create: "Add",
  update: "Change",
  move: "Move",
  delete: "Delete",
  restore: "Restore",
  complete: "Complete",
  reopen: "Reopen",
  cancel: "Drop",
  skip: "Skip",
  pause: "Pause",
  resume: "Go on with",
  stop: "Stop",
  archive: "Archive",
  unarchive: "Take out of the archive:",
};

/** "Complete “Call Mum”", for the list of what was refused. */
export function wordsFor(draft: Draft, title: string | undefined): string {
  const name = title ? `“${title}”` : aThing(draft.entity);
  return `${WORDS[draft.verb]} ${name}`;
}
