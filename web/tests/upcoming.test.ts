import { expect, it } from "vitest";
import type { CalendarDay, Habit } from "../src/lib/api/types";
import { recurring, without } from "../src/lib/format/upcoming";

const occurrence = (id: string, text: string) => ({ series_id: id, slot: "", title: id, text });
const habit = (id: string) => ({ id, title: id, verdict: "open" });

/** Two weeks: plants daily, bins weekly, a habit of each day, one of some days of the week. */
const DAYS = Array.from({ length: 14 }, (_, index) => ({
  date: `2026-11-${String(index + 1).padStart(2, "0")}`,
  tasks: index === 0 ? [{ id: "t1", series_id: "plants" }] : [],
  occurrences: [
    ...(index > 0 ? [occurrence("plants", "every day")] : []),
    ...(index % 7 === 2 ? [occurrence("bins", "every week")] : []),
  ],
  habits: [habit("read"), ...(index % 7 === 6 ? [habit("run"), habit("church")] : [])],
  deadlines: [],
  goals: [],
  events: [],
})) as unknown as CalendarDay[];
const HABITS = [
  { id: "read", type: "duration", target: 20, unit: "min", period: "day", schedule: { kind: "quota", times: 1 } },
  { id: "run", type: "yes_no", period: "week", schedule: { kind: "quota", times: 3 } },
  { id: "church", type: "yes_no", period: "day", schedule: { kind: "rule", rule: "FREQ=WEEKLY;BYDAY=SU" } },
] as unknown as Habit[];

it("what comes on most days, or on days of one's choice, is said once", () => {
  const found = recurring(DAYS, HABITS).map(({ title, words, path }) => [title, words, path]);
  expect(found).toEqual([
    ["read", "20 min a day", "/habits/read"],
    ["plants", "every day", "/upcoming?task=t1"],
    ["run", "3 times a week", "/habits/run"],
  ]);
});

it("what comes now and then stays on its days", () => {
  const left = new Set(recurring(DAYS, HABITS).map((each) => each.id));
  const days = DAYS.map((day) => without(day, left));
  expect(days.filter((day) => day.occurrences.length > 0)).toHaveLength(2);
  expect(days.filter((day) => day.habits.length > 0)).toHaveLength(2);
  expect(days[0]!.tasks).toHaveLength(1);
});
