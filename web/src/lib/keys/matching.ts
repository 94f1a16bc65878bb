import type { Binding } from "./bindings";

/** The part of a KeyboardEvent that decides. */
export interface Stroke {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
}

/** Writes a stroke as the table does: "q", "?", "Mod+k", "Shift+x". */
export function strokeName(stroke: Stroke): string {
  const key = stroke.key.length === 1 ? stroke.key.toLowerCase() : stroke.key;
  const modifiers = [
    stroke.ctrlKey || stroke.metaKey ? "Mod+" : "",
    stroke.altKey ? "Alt+" : "",
    // For a sign such as "?" Shift is part of typing it, for a letter it is a modifier.
    stroke.shiftKey && /^[a-z]$/.test(key) ? "Shift+" : "",
  ];
  return modifiers.join("") + key;
}

export type Match =
  { kind: "command"; binding: Binding } | { kind: "prefix"; pending: string } | { kind: "none" };

/** What `stroke` means after `pending`, the first key of a two-key shortcut. */
export function match(bindings: readonly Binding[], pending: string, stroke: string): Match {
  const typed = pending === "" ? stroke : `${pending} ${stroke}`;
  const binding = bindings.find((each) => each.keys === typed);
  if (binding) return { kind: "command", binding };
  if (bindings.some((each) => each.keys.startsWith(`${typed} `)))
    return { kind: "prefix", pending: typed };
  return pending === "" ? { kind: "none" } : match(bindings, "", stroke);
}

/** A shortcut without a modifier, which WCAG 2.1.4 asks to be switchable. */
export function isLetterKey(binding: Binding): boolean {
  return !binding.keys.includes("Mod+") && binding.keys !== "Escape" && binding.keys !== "Enter";
}
