import { expect, test } from "vitest";
import type { BurnUp } from "../src/lib/api/types";
import { burnUpRows, burnUpSpan } from "../src/lib/format/burnUp";

const DRAWN: BurnUp = {
  goal_id: "g",
  title: "Move house",
  unit: "tasks",
  today: "2026-03-11",
  points: [
    { day: "2026-03-01", scope: 3, done: 0 },
    { day: "2026-03-06", scope: 4, done: 2 },
  ],
  path: [
    { day: "2026-03-01", value: 0 },
    { day: "2026-03-21", value: 4 },
  ],
  target: 4,
  sentence: "2 of 4 tasks.",
};

test("a forecast is drawn as far as it leaves room for the past", () => {
  expect(burnUpSpan(DRAWN)).toEqual({ first: "2026-03-01", last: "2026-03-21" });
  expect(burnUpSpan(DRAWN, { median: "2026-04-01", high: "2026-04-09" }).last).toBe("2026-04-09");
  expect(burnUpSpan(DRAWN, { median: "2026-04-01", high: "2031-01-01" }).last).toBe("2026-04-30");
  expect(burnUpSpan(DRAWN, { median: "2026-04-01", high: null }).last).toBe("2026-04-01");
});

test("a table of a burn-up says of days ahead only what the path asks for", () => {
  expect(burnUpRows(DRAWN)).toEqual([
    { day: "2026-03-01", done: 0, scope: 3, path: 0 },
    { day: "2026-03-06", done: 2, scope: 4, path: 1 },
    { day: "2026-03-11", done: 2, scope: 4, path: 2 },
    { day: "2026-03-21", done: null, scope: null, path: 4 },
  ]);
});
