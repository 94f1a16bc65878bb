import { describe, expect, it } from "vitest";
import type { Budget, UsageRow } from "../src/lib/api/types";
import {
  byMeaning,
  costOf,
  everyDay,
  left,
  standing,
  strictest,
  sum,
} from "../src/lib/format/ai";
import { money, parseMoney, plainMoney } from "../src/lib/format/money";

describe("a model", () => {
  it("that is not asked says why and for how long", () => {
    const rung = { provider: "first", model: "m", local: false };
    expect(standing({ ...rung, state: "ready", rests_seconds: 0 })).toBe("");
    expect(standing({ ...rung, state: "resting", rests_seconds: 29 })).toBe(
      "resting after failures; asked again in 29 seconds",
    );
    expect(standing({ ...rung, state: "misconfigured", rests_seconds: 541 })).toBe(
      "set up wrongly; asked again in 10 minutes",
    );
    // It is being tried out by somebody's question.
    expect(standing({ ...rung, state: "resting", rests_seconds: 0 })).toBe(
      "resting after failures",
    );
  });
});

describe("money", () => {
  it.each([
    [null, "unknown"],
    [undefined, "unknown"],
    [0, "$0"],
    [1, "$0.000001"],
    [8_500, "$0.0085"],
    [12_345, "$0.01"],
    [2_000_000, "$2.00"],
    [1_234_567_890, "$1234.57"],
  ])("writes %j", (micros, text) => expect(money(micros)).toBe(text));

  it.each([
    ["2", 2_000_000],
    ["$2.50", 2_500_000],
    ["0,3", 300_000],
    ["0", 0],
    ["", null],
    ["-1", undefined],
    ["a lot", undefined],
  ])("reads %j", (text, micros) => expect(parseMoney(text)).toBe(micros));

  it("reads back what it writes plainly", () => {
    for (const micros of [0, 1, 250_000, 2_000_000])
      expect(parseMoney(plainMoney(micros))).toBe(micros);
    expect(plainMoney(null)).toBe("");
  });
});

const row = (key: string, more: Partial<UsageRow> = {}): UsageRow => ({ ...sum([]), key, ...more });

describe("spending", () => {
  it("has a row for every day, also those without a call", () => {
    const days = everyDay([row("2026-11-28", { calls: 2 })], "2026-11-27", "2026-11-29");
    expect(days.map((each) => [each.key, each.calls])).toEqual([
      ["2026-11-27", 0],
      ["2026-11-28", 2],
      ["2026-11-29", 0],
    ]);
  });

  it("never shows an unknown price as nothing", () => {
    expect(costOf(row("m", { unpriced: 2 }))).toBe("2 calls of unknown price");
    expect(costOf(row("m", { unpriced: 1, cost_micros: 20_000 }))).toBe(
      "$0.02 and 1 call of unknown price",
    );
    expect(costOf(row("m"))).toBe("$0");
  });

  it("counts what is set aside as gone, and nothing below nothing", () => {
    const budget = (limit: number | null, spent: number, reserved: number): Budget => ({
      scope: "user_day",
      period: "2026-11-29",
      limit_micros: limit,
      own_limit_micros: null,
      spent_micros: spent,
      reserved_micros: reserved,
    });
    expect(left(budget(10, 4, 3))).toBe(3);
    expect(left(budget(10, 9, 3))).toBe(0);
    expect(left(budget(null, 9, 3))).toBeNull();
  });
});

it("lets the strictest dial hold", () => {
  expect(strictest("any", "local_only")).toBe("local_only");
  expect(strictest("rules_only", "local_only")).toBe("rules_only");
  expect(strictest("any", "any")).toBe("any");
});

it("says which tasks are answered by meaning, and nothing where none is", () => {
  expect(byMeaning({ by_meaning: [] })).toBe("");
  expect(byMeaning({ by_meaning: ["classify", "decompose"] })).toContain(
    "Reading messages, Plans of goals.",
  );
});
