import { describe, expect, it } from "vitest";
import type { Habit, HabitDay } from "../src/lib/api/types";
import { obligation, standing, stepOf, weekdaysOf } from "../src/lib/format/habits";
import { draftOf, fieldsOf } from "../src/lib/state/habitDraft";

const habit = (given: Partial<Habit>): Habit =>
  ({
    title: "Read",
    description: "",
    type: "yes_no",
    target: 1,
    unit: "",
    period: "day",
    rolling_days: null,
    schedule: { kind: "quota", times: 1 },
    window: "anytime",
    area_id: null,
    goal_id: null,
    goal_amount: 1,
    auto_skip: false,
    ...given,
  }) as Habit;

describe("what a habit asks for", () => {
  it.each([
    [habit({}), "every day"],
    [habit({ schedule: { kind: "quota", times: 2 } }), "twice a day"],
    [habit({ period: "week", schedule: { kind: "quota", times: 3 } }), "3 times a week"],
    [habit({ period: "rolling", rolling_days: 3 }), "once in any 3 days"],
    [habit({ type: "at_least", target: 8, unit: "glasses" }), "8 glasses a day"],
    [habit({ type: "at_most", target: 7, period: "week" }), "at most 7 a week"],
    [habit({ type: "avoid", target: 0 }), "avoid it"],
    [
      habit({ schedule: { kind: "rule", rule: "FREQ=WEEKLY;BYDAY=MO,WE,FR" } }),
      "once each Monday, Wednesday and Friday",
    ],
    [
      habit({ schedule: { kind: "rule", rule: "FREQ=MONTHLY;BYMONTHDAY=1" } }),
      "once on the days of its rule",
    ],
  ])("is said in words", (given, words) => {
    expect(obligation(given)).toBe(words);
  });

  it("reads the weekdays of a plain weekly rule, and of no other", () => {
    expect(weekdaysOf("FREQ=WEEKLY;WKST=SU;BYDAY=MO,TH")).toEqual(["MO", "TH"]);
    expect(weekdaysOf("FREQ=WEEKLY;BYDAY=MO;WKST=SU")).toEqual(["MO"]);
    expect(weekdaysOf("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO")).toBeNull();
    expect(weekdaysOf("FREQ=MONTHLY;BYDAY=1MO")).toBeNull();
  });
});

describe("how a habit stands", () => {
  const day = (given: Partial<HabitDay>): HabitDay =>
    ({
      strength: 0.5,
      verdict: "open",
      rest_until: null,
      reached: 3,
      need: 3,
      streak: { unit: "weeks", current: 1, best: 3, since: null, days: 5 },
      ...given,
    }) as HabitDay;

  it("names strength first, then the streak, then rest", () => {
    const shown = standing(day({ rest_until: "2026-11-26" }), "2026-11-23");
    expect(shown).toEqual(["50 % strong", "1 week in a row", "rest until Thursday"]);
  });

  it("calls it rest only once something was done", () => {
    const shown = standing(day({ rest_until: "2026-11-26", reached: 0 }), "2026-11-23");
    expect(shown.at(-1)).toBe("can wait until Thursday");
  });

  it("names a skip instead of rest", () => {
    const shown = standing(day({ verdict: "skipped", rest_until: "2026-11-26" }), "2026-11-23");
    expect(shown.at(-1)).toBe("skipped");
  });
});

describe("the step of the + button", () => {
  it.each([
    [8, "at_least", 1],
    [20, "duration", 5],
    [120, "duration", 15],
    [100, "at_least", 10],
    [10_000, "at_least", 1_000],
  ] as const)("of %d %s is %d", (need, type, step) => {
    expect(stepOf(need, type)).toBe(step);
  });
});

describe("the form", () => {
  it("gives back what it was given", () => {
    const given = habit({ type: "at_most", target: 2, unit: "cups", period: "week" });
    expect(fieldsOf(draftOf(given))).toMatchObject({
      type: "at_most",
      target: 2,
      unit: "cups",
      period: "week",
      rolling_days: null,
      schedule: { kind: "quota", times: 1 },
    });
  });

  it("writes weekdays as a rule for each of these days", () => {
    const draft = { ...draftOf(), title: "Run", often: "weekdays" as const, weekdays: ["MO", "TH"] };
    expect(fieldsOf(draft)).toMatchObject({
      period: "day",
      schedule: { kind: "rule", rule: "FREQ=WEEKLY;BYDAY=MO,TH" },
    });
  });
});
