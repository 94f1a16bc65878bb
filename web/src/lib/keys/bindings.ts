/** Every keyboard shortcut; the `?` sheet, the side bar's hints and the dispatcher read it. */
export interface Binding {
  command: Command;
  keys: string;
  label: string;
  group: "Anywhere" | "Go to" | "Lists and tasks" | "Stories";
}

export type Command =
  | "add"
  | "palette"
  | "shortcuts"
  | "undo"
  | "redo"
  | `go:${string}`
  | "next"
  | "previous"
  | "open"
  | "done"
  | "select"
  | "select-range"
  | "move-up"
  | "move-down"
  | "edit-due"
  | "edit-priority"
  | "edit-labels"
  | "edit-place"
  | "close"
  | `rate:${string}`;

const go = (path: string, keys: string, label: string): Binding => ({
  command: `go:${path}`,
  keys,
  label,
  group: "Go to",
});

const row = (command: Command, keys: string, label: string): Binding => ({
  command,
  keys,
  label,
  group: "Lists and tasks",
});

export const BINDINGS: readonly Binding[] = [
  { command: "add", keys: "q", label: "Add a task", group: "Anywhere" },
  { command: "palette", keys: "Mod+k", label: "Find anything, do anything", group: "Anywhere" },
  { command: "undo", keys: "z", label: "Undo the last change", group: "Anywhere" },
  { command: "undo", keys: "Mod+z", label: "Undo the last change", group: "Anywhere" },
  { command: "redo", keys: "Mod+Shift+z", label: "Redo", group: "Anywhere" },
  { command: "shortcuts", keys: "?", label: "Show these shortcuts", group: "Anywhere" },
  { command: "close", keys: "Escape", label: "Close, or clear the selection", group: "Anywhere" },
  go("/today", "t", "Today"),
  go("/upcoming", "g u", "Upcoming"),
  go("/inbox", "g i", "Inbox"),
  go("/goals", "g g", "Goals"),
  go("/habits", "g h", "Habits"),
  go("/areas", "g a", "Life areas"),
  go("/search", "/", "Search"),
  go("/filters", "g f", "Filters"),
  go("/progress", "g p", "Progress"),
  go("/coach", "g c", "Coach"),
  go("/stories", "g s", "Stories"),
  go("/journal", "g j", "Journal"),
  go("/insights", "g o", "Insights"),
  go("/notes", "g n", "Notes"),
  go("/templates", "g e", "Templates"),
  go("/history", "g y", "History"),
  go("/trash", "g x", "Trash"),
  go("/settings", "g ,", "Settings"),
  row("next", "j", "Next row"),
  row("previous", "k", "Previous row"),
  row("open", "Enter", "Open the row"),
  row("done", "e", "Done, or open again"),
  row("select", "x", "Select the row"),
  row("select-range", "Shift+x", "Select up to the row"),
  row("move-up", "Shift+k", "Move up, in lists ordered by hand"),
  row("move-down", "Shift+j", "Move down"),
  row("edit-due", "d", "Date"),
  row("edit-priority", "p", "Priority; with no row in focus, Progress"),
  row("edit-labels", "l", "Labels"),
  row("edit-place", "m", "Move to a goal or project"),
  ...["1", "2", "3", "4", "5"].map((mark): Binding => ({
    command: `rate:${mark}`,
    keys: mark,
    label: `Rate ${mark} of 5`,
    group: "Stories",
  })),
];

/** The keys of a command as shown to the reader, such as "G G" or "Ctrl K". */
export function shownKeys(command: Command, mac = false): string[] {
  const binding = BINDINGS.find((each) => each.command === command);
  return binding ? keyCaps(binding.keys, mac) : [];
}

export function keyCaps(keys: string, mac = false): string[] {
  return keys
    .split(/[ +]/)
    .map((key) => (key === "Mod" ? (mac ? "⌘" : "Ctrl") : key === "Escape" ? "Esc" : key))
    .map((key) => (key.length === 1 ? key.toUpperCase() : key));
}
