import CalendarCheck from "@lucide/svelte/icons/calendar-check";
import CalendarDays from "@lucide/svelte/icons/calendar-days";
import BookOpen from "@lucide/svelte/icons/book-open-text";
import History from "@lucide/svelte/icons/history";
import Inbox from "@lucide/svelte/icons/inbox";
import Lightbulb from "@lucide/svelte/icons/lightbulb";
import ListFilter from "@lucide/svelte/icons/list-filter";
import Repeat from "@lucide/svelte/icons/repeat";
import LayoutTemplate from "@lucide/svelte/icons/layout-template";
import MessageCircle from "@lucide/svelte/icons/message-circle";
import NotebookPen from "@lucide/svelte/icons/notebook-pen";
import NotebookText from "@lucide/svelte/icons/notebook-text";
import Shapes from "@lucide/svelte/icons/shapes";
import ChartNoAxes from "@lucide/svelte/icons/chart-no-axes-column";
import Settings from "@lucide/svelte/icons/settings";
import Target from "@lucide/svelte/icons/target";
import Trash from "@lucide/svelte/icons/trash-2";
import type { Component } from "svelte";
import type { Command } from "../keys/bindings";

export interface Place {
  path: string;
  name: string;
  icon: Component<{ size?: number }>;
  command: Command;
  /** In the phone's bottom bar; the others are behind More. */
  thumb: boolean;
}

const place = (path: string, name: string, icon: Place["icon"], thumb = false): Place => ({
  path,
  name,
  icon,
  command: `go:${path}`,
  thumb,
});

export const PLACES: readonly Place[] = [
  place("/today", "Today", CalendarCheck, true),
  place("/upcoming", "Upcoming", CalendarDays),
  place("/inbox", "Inbox", Inbox),
  place("/goals", "Goals", Target, true),
  place("/habits", "Habits", Repeat, true),
  place("/areas", "Life areas", Shapes),
  place("/filters", "Filters", ListFilter),
  place("/progress", "Progress", ChartNoAxes),
  place("/coach", "Coach", MessageCircle),
  place("/stories", "Stories", BookOpen),
  place("/journal", "Journal", NotebookText),
  place("/insights", "Insights", Lightbulb),
  place("/notes", "Notes", NotebookPen),
  place("/templates", "Templates", LayoutTemplate),
  place("/history", "History", History),
  place("/trash", "Trash", Trash),
  place("/settings", "Settings", Settings),
];

export function isHere(place: Place, path: string): boolean {
  const family: Record<string, string[]> = {
    "/filters": ["/search"],
    "/coach": ["/suggestions"],
    "/progress": ["/reports", "/years", "/time"],
    "/goals": ["/proposals", "/projects"],
  };
  const roots = [place.path, ...(family[place.path] ?? [])];
  return roots.some((root) => path === root || path.startsWith(`${root}/`));
}
