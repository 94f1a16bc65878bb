import type { DayValue, Goal, GoalPath } from "../api/types";
import { daysBetween } from "./when";

export type PathState = NonNullable<GoalPath["state"]>;

/** How a state is called, and the hue that goes with the word. */
export const STATES: Record<PathState, { name: string; hue: string }> = {
  ahead: { name: "ahead", hue: "health" },
  on: { name: "on the path", hue: "health" },
  at_risk: { name: "at risk", hue: "money" },
  off: { name: "off the path", hue: "people" },
};

const ROUNDING = 1e-9;

/** How a goal ended; null for one that goes on. */
export function endWord({ status }: Goal): string | null {
  return status === "completed" ? "done" : status === "dropped" ? "let go" : null;
}

/** Where a path lies at the end of a day: straight between knots, flat before and after. */
export function pathOn(knots: readonly DayValue[], day: string): number {
  const next = knots.findIndex((knot) => day <= knot.day);
  if (next < 0) return knots.at(-1)!.value;
  if (next === 0) return knots[0]!.value;
  const before = knots[next - 1]!;
  const after = knots[next]!;
  const share = daysBetween(before.day, day) / daysBetween(before.day, after.day);
  return before.value + (after.value - before.value) * share;
}

/**
 * What is due by the end of a day: the steps the line has reached, counted back from where it
 * leads. Without a step the line itself.
 */
export function dueOn(knots: readonly DayValue[], day: string, step: number | null): number {
  const line = pathOn(knots, day);
  if (step === null) return line;
  const first = knots[0]!.value;
  const last = knots.at(-1)!.value;
  const sign = last >= first ? 1 : -1;
  // The server reckons in fractions; a step missed by a rounding error is a step reached.
  const left = Math.ceil((sign * (last - line)) / step - ROUNDING) * step;
  return sign * Math.max(sign * first, sign * last - left);
}

/** A number as people write it: at most two decimals, thousands apart. */
export function amount(value: number): string {
  return new Intl.NumberFormat("en-GB", { maximumFractionDigits: 2 }).format(value);
}
