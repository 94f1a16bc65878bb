import { describe, expect, it } from "vitest";
import {
  addDays,
  daysBetween,
  localDay,
  period,
  relativeDate,
  relativeWhen,
} from "../src/lib/format/when";

describe("dates", () => {
  it("adds days across a clock change without a shift", () => {
    expect(addDays("2026-03-28", 2)).toBe("2026-03-30");
    expect(daysBetween("2026-10-24", "2026-10-26")).toBe(2);
  });

  it("names near days and leaves far ones as dates", () => {
    const today = "2026-11-23";
    expect(relativeDate("2026-11-23", today)).toBe("today");
    expect(relativeDate("2026-11-24", today)).toBe("tomorrow");
    expect(relativeDate("2026-11-22", today)).toBe("yesterday");
    expect(relativeDate("2026-11-27", today)).toBe("Friday");
    expect(relativeDate("2026-11-30", today)).toBe("30 Nov");
    expect(relativeDate("2027-01-04", today)).toBe("4 Jan 2027");
  });

  it("counts a day from its start, in the reader's zone", () => {
    const late = new Date("2026-11-23T01:30:00Z");
    expect(localDay(late, "Europe/Berlin")).toBe("2026-11-23");
    expect(localDay(late, "Europe/Berlin", 180)).toBe("2026-11-22");
    expect(localDay(late, "America/New_York")).toBe("2026-11-22");
  });

  it("writes one day once in a period", () => {
    expect(period("2026-11-16", "2026-11-16", "2026-11-23")).toBe("16 Nov");
    expect(period("2026-11-16", "2026-11-22", "2026-11-23")).toBe("16 Nov – 22 Nov");
  });
});

describe("plans", () => {
  const today = "2026-11-23";

  it("shows the time alone today and the zone only when it is another", () => {
    const zoned = { kind: "zoned", date: today, time: "17:00", zone: "Asia/Tokyo" } as const;
    expect(relativeWhen({ kind: "date", date: today }, today, "Europe/Berlin")).toBe("today");
    expect(relativeWhen(zoned, today, "Asia/Tokyo")).toBe("17:00");
    expect(relativeWhen(zoned, today, "Europe/Berlin")).toBe("17:00 Tokyo");
  });
});
