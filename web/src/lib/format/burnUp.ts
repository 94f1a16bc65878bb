import type { BurnUp, GoalForecast } from "../api/types";
import { pathOn } from "./paths";
import { addDays, daysBetween } from "./when";

/** What lies further ahead than so many times what is past would leave no room for the past. */
const AHEAD = 2;
const LEAST_DAYS = 14;
const ROWS_SHOWN = 60;

/** The days a burn-up is drawn over: all of the past and the path, and what fits of a forecast. */
export function burnUpSpan(
  drawn: BurnUp,
  forecast?: Pick<GoalForecast, "median" | "high">,
): { first: string; last: string } {
  const days = [drawn.today, ...drawn.points.map((each) => each.day), ...drawn.path.map((each) => each.day)];
  days.sort();
  const first = days[0]!;
  const past = Math.max(LEAST_DAYS, daysBetween(first, days.at(-1)!));
  const furthest = addDays(days.at(-1)!, past * AHEAD);
  const wanted = [forecast?.median, forecast?.high ?? forecast?.median].filter((day) => day != null);
  const last = [days.at(-1)!, ...wanted.map((day) => (day < furthest ? day : furthest))].sort().at(-1)!;
  return { first, last: last === first ? addDays(first, 1) : last };
}

export interface BurnUpRow {
  day: string;
  done: number | null;
  scope: number | null;
  path: number | null;
}

/** The latest days on which anything changed, and where the path bends. */
export function burnUpRows(drawn: BurnUp): BurnUpRow[] {
  const days = [...drawn.points.map((each) => each.day), ...drawn.path.map((each) => each.day), drawn.today];
  return [...new Set(days)]
    .sort()
    .slice(-ROWS_SHOWN)
    .map((day) => {
      const point = day > drawn.today ? undefined : drawn.points.findLast((each) => each.day <= day);
      return {
        day,
        done: point?.done ?? null,
        scope: point?.scope ?? null,
        path: drawn.path.length > 0 ? pathOn(drawn.path, day) : null,
      };
    });
}
