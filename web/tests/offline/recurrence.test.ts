import { describe, expect, it } from "vitest";
import { following, opening, passing, type Repetition } from "../../src/lib/offline/recurrence";
import { uuid5 } from "../../src/lib/offline/uuid5";
import text from "../../../tests/vectors/recurrence.json?raw";

interface After {
  canonical: string;
  first: string;
  mode: Repetition["mode"];
  catch_up?: Repetition["catch_up"];
  slot: string;
  done?: string;
  skip?: string;
  next: string | null;
}
interface Vectors {
  rules: { canonical: string; first: string; next: string[] }[];
  after: After[];
}

// The same cases the server is held to; tests/vectors/README.md tells their format.
const vectors = JSON.parse(text) as Vectors;
const isKnown = ({ canonical }: { canonical: string }): boolean => !/HOURLY|BYHOUR|BYWEEKNO/.test(canonical);
const isCounted = ({ canonical }: { canonical: string }): boolean => canonical.includes("COUNT");

function repetition(canonical: string, first: string, more: Partial<Repetition> = {}): Repetition {
  const usual = { mode: "schedule", catch_up: "one", exdates: [], rdates: [] } as const;
  return { rule: canonical, anchor: first, ...usual, ...more };
}

describe("what comes after", () => {
  const rules = vectors.rules.filter((each) => isKnown(each) && !isCounted(each) && each.next.length > 1);

  it.each(rules)("goes on as the server does: $canonical from $first", (each) => {
    const how = repetition(each.canonical, each.first);
    each.next.slice(0, -1).forEach((slot, place) => {
      expect(following(how, slot, slot.slice(0, 10))).toBe(each.next[place + 1]);
    });
  });

  it.each(vectors.after.filter((each) => isKnown(each) && each.catch_up))(
    "is $next after $slot of $canonical ($mode, $catch_up)",
    (each) => {
      const how = repetition(each.canonical, each.first, { mode: each.mode, catch_up: each.catch_up! });
      const step = each.done ? following : passing;
      expect(step(how, each.slot, (each.done ?? each.skip!).slice(0, 10))).toBe(each.next);
    },
  );

  it("is tried on most of the shared cases", () => {
    const known = vectors.after.filter((each) => isKnown(each) && each.catch_up);
    expect(rules.length + known.length).toBeGreaterThan(80);
  });

  it("is left to the server where a rule goes by week numbers or hours", () => {
    for (const rule of ["FREQ=HOURLY;INTERVAL=8", "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "FREQ=DAILY;BYHOUR=9,12"])
      expect(following(repetition(rule, "2027-03-01T09:00"), "2027-03-01T09:00", "2027-03-01")).toBeUndefined();
  });

  it("leaves exceptions out and takes single dates in, once each", () => {
    const more = { exdates: ["2027-03-08"], rdates: ["2027-03-10", "2027-03-15"] };
    const how = repetition("FREQ=WEEKLY;BYDAY=MO", "2027-03-01", more);
    expect(following(how, "2027-03-01", "2027-03-01")).toBe("2027-03-10");
    expect(following(how, "2027-03-10", "2027-03-10")).toBe("2027-03-15");
    expect(following(how, "2027-03-15", "2027-03-15")).toBe("2027-03-22");
  });

  it("opens each missed date where missed ones stay open, and else the next", () => {
    const how = repetition("FREQ=DAILY", "2027-03-01", { catch_up: "all" });
    expect(opening(how, "2027-03-01", 0, "2027-03-03")).toEqual(["2027-03-02", "2027-03-03"]);
    expect(opening(how, "2027-03-03", 0, "2027-03-03")).toEqual(["2027-03-04"]);
    expect(opening(how, "2027-03-04", 1, "2027-03-03")).toEqual([]);
  });
});

describe("ids that follow from others", () => {
  it("are those of RFC 9562 and of the server", () => {
    expect(uuid5("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "www.example.com")).toBe(
      "2ed6657d-e927-568b-95e1-2665a8aea6a2",
    );
    expect(uuid5("01a22500-8b4a-7ccd-9821-84ebb1fc4518", "2027-03-01T09:00")).toBe(
      "1ed08b1b-024b-518a-9bae-b92c2e9df4ff",
    );
    expect(uuid5("01a22500-8b4a-7ccd-9821-84ebb1fc4518", "x".repeat(200))).toBe("895c8386-1d5e-5b7c-9f03-596dec63db34");
  });
});
