import { describe, expect, it } from "vitest";
import {
  customRule,
  joinEnd,
  plainRule,
  presetsFor,
  readCustom,
  splitEnd,
} from "../src/lib/format/repeating";
import { relativeWhen } from "../src/lib/format/when";
import text from "../../tests/vectors/recurrence.json?raw";

interface Vectors {
  rules: { rule: string; first: string; canonical: string; next: string[] }[];
  presets: { due: string; presets: [string, string][] }[];
}

// The same cases the server is held to; tests/vectors/README.md tells their format.
const vectors = JSON.parse(text) as Vectors;

describe("repeating", () => {
  it.each(vectors.presets)("offers the server's own rules for $due", ({ due, presets }) => {
    expect(presetsFor(due).map(({ rule }) => rule)).toEqual(presets.map(([rule]) => rule));
  });

  it.each(vectors.rules)("takes $canonical apart and together again", ({ canonical }) => {
    const { base, end } = splitEnd(canonical);
    expect(joinEnd(base, end)).toBe(canonical.replace(/;(COUNT|UNTIL)=.*$/, "") + tail(canonical));
    expect(base).not.toMatch(/COUNT|UNTIL/);
  });

  it.each(vectors.rules)("shows the dates of $rule on their own days", ({ next }) => {
    for (const slot of next) {
      const [date, time] = slot.split("T") as [string, string | undefined];
      const when = time
        ? ({ kind: "floating", date, time } as const)
        : ({ kind: "date", date } as const);
      const said = relativeWhen(when, "2020-01-01", "Pacific/Kiritimati");
      expect(said).toContain(`${Number(date.slice(8))} `);
      expect(said).toContain(date.slice(0, 4));
      if (time) expect(said).toContain(time);
    }
  });

  it("puts a rule of one's own together and reads it back", () => {
    const rule = customRule({ interval: 2, unit: "WEEKLY", days: ["TH", "MO"] });
    expect(rule).toBe("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH");
    expect(readCustom(rule, "2027-03-01")).toEqual({
      interval: 2,
      unit: "WEEKLY",
      days: ["MO", "TH"],
    });
    expect(customRule({ interval: 1, unit: "MONTHLY", days: ["MO"] })).toBe("FREQ=MONTHLY");
    expect(plainRule("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;COUNT=3")).toBe(
      "FREQ=WEEKLY;INTERVAL=2;COUNT=3",
    );
  });
});

function tail(rule: string): string {
  return /;(COUNT|UNTIL)=.*$/.exec(rule)?.[0] ?? "";
}
