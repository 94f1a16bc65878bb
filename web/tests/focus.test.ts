import { describe, expect, it } from "vitest";
import type { FocusSession } from "../src/lib/api/types";
import { instantOf, lengthInWords, onClock, secondsAt, wallOf } from "../src/lib/format/focus";

describe("times of sessions", () => {
  it("are shown and read in the zone of their person", () => {
    expect(wallOf("2026-11-29T23:30:10Z", "Pacific/Auckland")).toBe("2026-11-30T12:30");
    expect(instantOf("2026-11-30T12:30", "Pacific/Auckland")).toBe("2026-11-29T23:30:00.000Z");
    expect(instantOf("2026-07-01T08:00", "Europe/Berlin")).toBe("2026-07-01T06:00:00.000Z");
  });

  it("take the first of two, and move a missing one on", () => {
    expect(instantOf("2026-10-25T02:30", "Europe/Berlin")).toBe("2026-10-25T00:30:00.000Z");
    expect(instantOf("2026-03-29T02:30", "Europe/Berlin")).toBe("2026-03-29T01:30:00.000Z");
  });

  it("count on while the timer runs, and no further once it is forgotten", () => {
    const start = "2026-11-29T10:00:00Z";
    const session = { seconds: 60, stretches: [{ start, end: null }] } as FocusSession;
    expect(secondsAt(session, Date.parse(start) + 5_000, 14_400)).toBe(65);
    expect(secondsAt(session, Date.parse(start) + 90_000_000, 14_400)).toBe(14_460);
    expect([onClock(5_025), onClock(59), lengthInWords(40), lengthInWords(5_400)]).toEqual([
      "1:23:45",
      "00:59",
      "40 s",
      "1 h 30",
    ]);
  });
});
