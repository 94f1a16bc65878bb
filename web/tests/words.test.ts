import { describe, expect, it } from "vitest";
import { fieldChanges } from "../src/lib/format/changes";
import { ranked, score } from "../src/lib/format/ranking";
import { minutes, parseMinutes, percent } from "../src/lib/format/words";
import { newId } from "../src/lib/api/ids";

describe("durations", () => {
  it.each([
    ["45", 45],
    ["45 min", 45],
    ["1h30", 90],
    ["1 h 30", 90],
    ["1.5 h", 90],
    ["1,5h", 90],
    ["2h", 120],
    ["", null],
    ["soon", undefined],
  ])("reads %j", (text, amount) => expect(parseMinutes(text)).toBe(amount));

  it("reads back what it writes", () => {
    for (const amount of [5, 45, 60, 90, 485]) expect(parseMinutes(minutes(amount))).toBe(amount);
  });

  it("tells nothing from zero", () => {
    expect(percent(null)).toBe("–");
    expect(percent(0)).toBe("0 %");
  });
});

describe("the palette", () => {
  const choice = (name: string) => ({ id: name, name, kind: "Task", run: () => undefined });

  it("finds without diacritics and prefers beginnings", () => {
    expect(score("Café with Zoë", "cafe")).toBe(4);
    expect(ranked([choice("Call the café"), choice("Café")], "caf")[0]?.name).toBe("Café");
    expect(ranked([choice("Run")], "zzz")).toEqual([]);
  });
});

describe("changes", () => {
  it("leaves out what did not change and what says nothing", () => {
    const before = { title: "A", version: 1, due: null };
    const after = { title: "B", version: 2, due: { kind: "date", date: "2026-11-23" } };
    expect(fieldChanges(before, after, "2026-11-23", "UTC")).toEqual([
      { field: "title", before: "A", after: "B" },
      { field: "due", before: "", after: "today" },
    ]);
  });
});

describe("ids", () => {
  it("are UUIDv7, in the order of time", () => {
    const early = newId(1_700_000_000_000);
    const late = newId(1_800_000_000_000);
    expect(early).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(early < late).toBe(true);
    expect(Number.parseInt(early.replaceAll("-", "").slice(0, 12), 16)).toBe(1_700_000_000_000);
  });
});
