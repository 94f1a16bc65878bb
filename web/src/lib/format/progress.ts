import type { Chart } from "../api/types";
import { addDays } from "./when";
import { minutes, percent } from "./words";

/** What can be chosen to look at, and how each is cut. */
export const RANGES = [
  { key: "month", name: "4 weeks", days: 28, by: "day" },
  { key: "quarter", name: "12 weeks", days: 84, by: "week" },
  { key: "year", name: "A year", days: 365, by: "month" },
] as const;
export type Range = (typeof RANGES)[number];

export const CHARTS = [
  ["done", "Done"],
  ["planned", "Planned and kept"],
  ["on_time", "On time"],
  ["slipped", "Put off"],
  ["habits", "Habits kept"],
  ["strength", "Strength"],
  ["focus", "Focus time"],
] as const;

/** The first day of a range that ends on this day. */
export function firstDay(range: Range, today: string): string {
  return addDays(today, 1 - range.days);
}

/** A value with its unit; what is not known is a dash. */
export function valueOf(value: number | null | undefined, measure: Chart["measure"]): string {
  if (value === null || value === undefined) return "–";
  if (measure === "share") return percent(value);
  if (measure === "minutes") return minutes(Math.round(value));
  return String(Math.round(value * 10) / 10);
}

/** "3 more than before", "as before"; nothing where there is nothing to compare with. */
export function compared(now: number | null, before: number | null): string {
  if (now === null || before === null || (now === 0 && before === 0)) return "";
  const more = Math.round((now - before) * 10) / 10;
  if (more === 0) return "as many as before";
  return `${Math.abs(more)} ${more > 0 ? "more" : "fewer"} than before`;
}

/** How far an area is from what it is meant to be, in words. */
export function balanceWords(had: number | null, meant: number | null): string {
  if (had === null || meant === null) return "nothing done yet";
  const points = Math.round((had - meant) * 100);
  if (Math.abs(points) < 5) return "as meant";
  return points > 0 ? `${points} points more than meant` : `${-points} points less than meant`;
}

/** The place of the last value that is known, to begin reading at. */
export function lastKnown(values: readonly (number | null)[]): number {
  const place = values.findLastIndex((value) => value !== null);
  return place === -1 ? values.length - 1 : place;
}

/** The numbers that something said rests on; an id in the middle of a name says nothing to a reader. */
export const factsInWords = (facts: readonly { name: string; value: number | string }[]): string =>
  facts
    .map(({ name, value }) => {
      const words = name.replace(/\.[0-9a-f-]{36}\./, ".").replace(/[._]/g, " ");
      return `${words}: ${value}`;
    })
    .join(", ");
