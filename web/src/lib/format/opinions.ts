import type { Opinion, OpinionKind } from "../api/types";
import { TASKS } from "./ai";

export const KINDS: readonly { key: OpinionKind; name: string }[] = [
  { key: "thumb", name: "Thumbs" },
  { key: "rating", name: "Stars" },
  { key: "pick", name: "Choices" },
  { key: "edit", name: "Edits" },
  { key: "line", name: "Steps of plans" },
];

/** An opinion in a few words. */
export function whatOf({ kind, value, rating }: Opinion): string {
  switch (kind) {
    case "thumb":
      return value > 0 ? "Good" : "Not good";
    case "rating":
      return `${rating} of 5 stars`;
    case "pick":
      return "The better of two answers";
    case "edit":
      return "Edited by you";
    case "line":
      return value > 0 ? "Step of a plan kept" : "Step of a plan left out";
  }
}

/** What it is about, and where that can be seen. */
export function whereOf({ task, generation_id: id }: Opinion): { words: string; href?: string } {
  if (task === "story") return { words: "A story", href: `/stories/${id}` };
  if (task === "decompose") return { words: "A plan", href: `/proposals/${id}` };
  return { words: task === "coach" ? "An answer of the coach" : task ? TASKS[task] : "Something made" };
}
