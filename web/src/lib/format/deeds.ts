import type { LineFields, ProposalLine, When } from "../api/types";
import { relativeWhen, shortDate } from "./when";
import { minutes } from "./words";

type Operation = ProposalLine["op"];

const VERBS: Record<Operation, string> = {
  append: "Adds to the",
  archive: "Archives the",
  check_in: "Checks in the",
  complete: "Completes the",
  create: "New",
  delete: "Puts into the trash the",
  move: "Moves the",
  reopen: "Opens again the",
  update: "Changes the",
};

/** What a line does, such as "Completes the task". */
export function deed(line: Pick<ProposalLine, "op" | "entity">): string {
  return `${VERBS[line.op]} ${line.entity}`;
}

/** Fields that a line has controls for. */
const EDITED = new Set(["title", "name", "due", "duration_minutes"]);

/** The control for a date does not show a time of day. */
function isShown(field: string, value: unknown): boolean {
  return EDITED.has(field) && !(field === "due" && isWhen(value) && value.kind !== "date");
}

export interface Names {
  today: string;
  zone: string;
  /** What the thing is called that a field such as `goal_id` points to. */
  named: (field: string, id: string) => string | undefined;
}

/** What else a line would write, as words: name of the field and value. */
export function details(fields: LineFields, names: Names): [string, string][] {
  return Object.entries(fields)
    .filter(([field, value]) => !isShown(field, value))
    .map(([field, value]) => [label(field), told(field, value, names)]);
}

function label(field: string): string {
  const words = field.replace(/_id$/, "").replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function told(field: string, value: unknown, names: Names): string {
  if (value === null || value === "") return "none";
  if (field.endsWith("_minutes") && typeof value === "number") return minutes(value);
  if (field === "after_id") return "behind another one";
  if (typeof value === "string" && field.endsWith("_id"))
    return names.named(field, value) ?? "something new";
  if (typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value))
    return shortDate(value, names.today);
  if (Array.isArray(value)) return value.map((each) => told("", each, names)).join(", ") || "none";
  if (isWhen(value)) return relativeWhen(value, names.today, names.zone);
  if (typeof value === "object") return JSON.stringify(value);
  return String(value as string | number | boolean);
}

function isWhen(value: unknown): value is When {
  return typeof value === "object" && value !== null && "kind" in value && "date" in value;
}
