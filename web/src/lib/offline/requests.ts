/** Which requests of the app can wait for the network, and as what operations. */
import { newId } from "../api/ids";
import type { Entity, Verb } from "./wire";

export interface Draft {
  entity: Entity;
  entity_id: string;
  verb: Verb;
  fields: Record<string, unknown>;
}

type Body = Record<string, unknown>;

const NOUNS: Record<string, Entity> = {
  areas: "area",
  goals: "goal",
  labels: "label",
  projects: "project",
  tasks: "task",
};
const VERBS: readonly string[] = [
  "complete",
  "reopen",
  "cancel",
  "archive",
  "unarchive",
  "restore",
  "move",
] satisfies Verb[];

/** Where a line is read by the server; without one it is caught as it was typed. */
export const QUICK_ADD = "/quick-add";

/** The operations that do the same as this request; null where only the server can do it. */
export function draftsOf(method: string, path: string, body: unknown): Draft[] | null {
  const [, noun = "", id, part, partId] = path.split("/");
  const entity = NOUNS[noun];
  const fields = (body ?? {}) as Body;
  if (method === "POST" && path === QUICK_ADD) return [captured(fields)];
  if (!entity) return null;
  if (part === "dependencies" && id) return edge(method, id, partId, fields);
  if (partId !== undefined) return null;
  if (id === undefined) return method === "POST" ? [created(entity, fields)] : null;
  if (noun === "tasks" && id === "bulk") return bulk(fields);
  return one(method, entity, id, part, fields);
}

function one(
  method: string,
  entity: Entity,
  id: string,
  part: string | undefined,
  fields: Body,
): Draft[] | null {
  const draft = (verb: Verb, given: Body = {}): Draft[] => [
    { entity, entity_id: id, verb, fields: given },
  ];
  if (method === "DELETE" && part === undefined) return draft("delete");
  if (method === "PATCH" && part === undefined)
    return ofSeries(fields) ? null : draft("update", fields);
  const isVerb = method === "POST" && part !== undefined && VERBS.includes(part);
  return isVerb ? draft(part as Verb, fields) : null;
}

/** An edit of more than one occurrence touches rows that only the server has. */
function ofSeries(fields: Body): boolean {
  return fields.scope !== undefined && fields.scope !== "this";
}

function created(entity: Entity, { id, ...fields }: Body): Draft {
  return { entity, entity_id: typeof id === "string" ? id : newId(), verb: "create", fields };
}

function captured({ id, text, defaults }: Body): Draft {
  const title = String(text).replaceAll(/\s+/g, " ").trim();
  return created("task", { id, title, ...(defaults as Body | undefined) });
}

function bulk({ task_ids, action }: Body): Draft[] | null {
  const { kind, fields = {} } = action as { kind: string; fields?: Body };
  if (!["update", "delete", ...VERBS].includes(kind) || kind === "move") return null;
  return (task_ids as string[]).map((id) => ({
    entity: "task",
    entity_id: id,
    verb: kind as Verb,
    fields,
  }));
}

function edge(method: string, task: string, id: string | undefined, fields: Body): Draft[] | null {
  if (method === "POST" && id === undefined)
    return [created("dependency", { kind: "blocks", ...fields, blocked_id: task })];
  if (method === "DELETE" && id !== undefined)
    return [{ entity: "dependency", entity_id: id, verb: "delete", fields: {} }];
  return null;
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
  archive: "Archive",
  unarchive: "Take out of the archive:",
};

/** "Complete “Call Mum”", for the list of what was refused. */
export function wordsFor(draft: Draft, title: string | undefined): string {
  const name = title ? `“${title}”` : `a ${draft.entity.replace("_", " ")}`;
  return `${WORDS[draft.verb]} ${name}`;
}
