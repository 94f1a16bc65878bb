import type { Fact, FactKind } from "../api/types";
import { shortDate } from "./when";
import { count } from "./words";

export const KINDS: readonly { key: FactKind; name: string }[] = [
  { key: "fact", name: "Fact" },
  { key: "preference", name: "Preference" },
  { key: "constraint", name: "Limit" },
  { key: "commitment", name: "Commitment" },
  { key: "event", name: "Event" },
];

export const kindName = (kind: FactKind): string =>
  KINDS.find((each) => each.key === kind)?.name ?? kind;

/** Where a fact comes from: the words, and the page of the thing if it has one. */
export function sourceOf(fact: Fact): { words: string; href?: string } {
  const { kind, id, title } = fact.source;
  const named = title ? `“${title}”` : undefined;
  switch (kind) {
    case "goal":
      return { words: `the goal ${named ?? "that is gone"}`, href: named && `/goals/${id}` };
    case "habit":
      return { words: `the habit ${named ?? "that is gone"}`, href: named && `/habits/${id}` };
    case "task":
      return { words: `the task ${named ?? "that is gone"}` };
    case "message":
      return { words: "what you said to the coach" };
    case "person":
      return { words: "your own hand" };
    case "import":
      return { words: "an import" };
    default:
      return { words: `a ${kind}` };
  }
}

/** When a fact holds, as far as is known. */
export function holds(fact: Fact, today: string): string {
  const { valid_from: from, valid_to: to, kind } = fact;
  if (kind === "event" && from) return shortDate(from, today);
  if (from && to === from) return "never true";
  if (from && to) return `${shortDate(from, today)} to ${shortDate(to, today)}`;
  if (to) return `until ${shortDate(to, today)}`;
  return from ? `since ${shortDate(from, today)}` : "";
}

export const usesInWords = (fact: Fact): string =>
  fact.uses_count === 0 ? "not used yet" : `used ${count(fact.uses_count, "time")}`;
