import { describe, expect, it } from "vitest";
import type { CheckIn, Habit, HabitDay, HabitDayList } from "../../src/lib/api/types";
import { obligation } from "../../src/lib/format/habits";
import { addDays } from "../../src/lib/format/when";
import { answerTo } from "../../src/lib/offline/answers";
import { World } from "../../src/lib/offline/world";
import text from "../../../tests/vectors/habits.json?raw";
import { ME } from "./fakes";

interface Vector {
  name: string;
  start: string;
  log: string;
  today?: string;
  habit?: Partial<Habit> & { times?: number; weekdays?: number[] };
  expect: { verdicts?: string };
}

const VECTORS = JSON.parse(text) as Vector[];
const LETTERS: Record<string, HabitDay["verdict"]> = {
  D: "done",
  P: "partial",
  M: "missed",
  S: "skipped",
  z: "paused",
  "-": "not_due",
  o: "open",
};

function habitOf({ habit = {} }: Vector): Habit {
  const usual = { id: "h1", type: "yes_no", period: "day", unit: "", rolling_days: null };
  const target = habit.target ?? (habit.type === "avoid" ? 0 : 1);
  const schedule = habit.weekdays
    ? { kind: "rule", rule: "FREQ=WEEKLY;BYDAY=MO" }
    : { kind: "quota", times: habit.times ?? 1 };
  return { ...usual, ...habit, target, schedule } as Habit;
}

/** What a word of a log records: a number an amount, `x` a tick, an `s` at its end a skip. */
function recordsOf(word: string, day: string): CheckIn[] {
  const parts = word === "." ? [] : word.replace(/s$/, "").split("+").filter(Boolean);
  const logs = parts.map((part) => ({ kind: "log", amount: part === "x" ? 1 : Number(part) }));
  const all = word.endsWith("s") ? [...logs, { kind: "skip", amount: 0 }] : logs;
  return all.map((each, place) => ({ ...each, id: `c${place}`, habit_id: "h1", day })) as CheckIn[];
}

/** What this device makes of today, if the server last saw it before anything was recorded. */
function verdictHere(vector: Vector, before: HabitDay["verdict"]): HabitDay["verdict"] {
  const words = vector.log.split(/\s+/);
  const date = addDays(vector.start, words.length - 1);
  const habit = habitOf(vector);
  const seen = { habit, verdict: before, amount: 0, reached: 0, need: habit.target, check_ins: [] };
  const data = { date, habits: [seen], ring: { done: 0, planned: 1 } };
  const rows = [
    { entity: "answer", id: "/habits/today", row: { id: "/habits/today", data, at: 1 } },
    { entity: "habit", id: "h1", row: { ...habit } },
    ...recordsOf(words.at(-1)!, date).map((row) => ({ entity: "check_in", id: row.id, row: { ...row } })),
  ];
  const asked = { world: new World(rows as never, []), me: ME, query: { date }, now: new Date(`${date}T12:00:00Z`) };
  return (answerTo("/habits/today", asked) as HabitDayList).habits[0]!.verdict;
}

describe("today as this device judges it", () => {
  const daily = VECTORS.filter(
    ({ habit, today, expect: told }) =>
      (habit?.period ?? "day") === "day" && today === undefined && told.verdicts !== undefined,
  );

  it.each(daily)("agrees with the server: $name", (vector) => {
    const told = LETTERS[vector.expect.verdicts!.at(-1)!]!;
    const untouched = vector.log.trim().endsWith(".");
    expect(verdictHere(vector, untouched ? told : "open")).toBe(told);
  });

  it("is tried on many of the shared cases", () => {
    expect(daily.length).toBeGreaterThan(50);
  });
});

describe("what a habit of the shared cases asks for", () => {
  it.each(VECTORS)("can be said: $name", (vector) => {
    expect(obligation(habitOf(vector))).not.toMatch(/undefined|NaN|null/);
  });
});
