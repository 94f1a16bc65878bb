import type { Changeset, When } from "../api/types";
import { relativeWhen } from "./when";

const KIND_NAMES = { user: "A former member", assistant: "The assistant", system: "SelfOS" };

/** Who made a change, also where the account is gone. */
export function actorName({ actor }: Changeset): string {
  return actor.name ?? KIND_NAMES[actor.kind];
}

/** Columns that say nothing to a reader of the history. */
const SILENT = new Set(["version", "updated_at", "created_at", "workspace_id", "id", "rank"]);
const LONGEST = 80;

export interface FieldChange {
  field: string;
  before: string;
  after: string;
}

/** A stored value in words; empty for nothing. */
export function shownValue(value: unknown, today: string, zone: string): string {
  if (value === null || value === undefined || value === "") return "";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "object" && "kind" in value && "date" in value)
    return relativeWhen(value as When, today, zone);
  if (typeof value === "object" && "rule" in value && "text" in value) return String(value.text);
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** The fields that differ between two images of a row. */
export function fieldChanges(
  before: Record<string, unknown> | null,
  after: Record<string, unknown> | null,
  today: string,
  zone: string,
): FieldChange[] {
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  return [...names]
    .filter((name) => !SILENT.has(name))
    .map((name) => ({
      field: name.replaceAll("_", " "),
      before: shownValue(before?.[name], today, zone),
      after: shownValue(after?.[name], today, zone),
    }))
    .filter((change) => change.before !== change.after);
}
