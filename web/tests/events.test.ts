import { expect, test } from "vitest";
import type { EventOccurrence, Task, When } from "../src/lib/api/types";
import { endAfter, inOrder, timesOf, usualPlan } from "../src/lib/format/events";

const ZONE = "Europe/Berlin";
const event = (id: string, begins: string | null, more: Partial<EventOccurrence> = {}) =>
  ({
    id,
    event_id: id,
    begins_at: begins,
    ends_at: begins,
    first_day: "2026-12-01",
    last_day: "2026-12-01",
    ...more,
  }) as EventOccurrence;
const task = (id: string, time?: string) =>
  ({ id, due: time ? { kind: "floating", date: "2026-12-01", time } : null }) as Task;

test("a day names whole days first, then what has a time, then the rest", () => {
  const events = [event("trip", null), event("call", "2026-12-01T10:00:00Z")];
  const tasks = [task("nine", "09:00"), task("noon", "12:00"), task("some time")];
  const ids = inOrder(tasks, events, "2026-12-01", ZONE).map((row) => row.id);
  expect(ids).toEqual(["trip", "nine", "call", "noon", "some time"]);
  expect(inOrder([], events, "2026-12-01", ZONE)).toEqual(events);
});

test("times are those of the day and of whoever reads", () => {
  const night = event("night", "2026-12-01T21:00:00Z", {
    ends_at: "2026-12-03T05:30:00Z",
    last_day: "2026-12-03",
  });
  const said = ["2026-12-01", "2026-12-02", "2026-12-03"].map((day) => timesOf(night, day, ZONE));
  expect(said).toEqual(["from 22:00", "all day", "until 06:30"]);
  expect(timesOf(event("now", "2026-12-01T08:00:00Z"), "2026-12-01", ZONE)).toBe("09:00");
});

test("an end moves with its start, over midnight too, and is of its kind", () => {
  const at = (date: string, time: string): When => ({ kind: "floating", date, time });
  const day = (date: string): When => ({ kind: "date", date });
  const [start, end] = [at("2026-12-01", "09:00"), at("2026-12-01", "10:30")];
  expect(endAfter(end, start, at("2026-12-02", "23:00"))).toEqual(at("2026-12-03", "00:30"));
  expect(endAfter(end, start, day("2026-12-02"))).toEqual(day("2026-12-02"));
  expect(endAfter(day("2026-12-04"), day("2026-12-01"), day("2026-12-05"))).toEqual(
    day("2026-12-08"),
  );
  expect(endAfter(day("2026-12-04"), day("2026-12-01"), start)).toEqual(at("2026-12-01", "10:00"));
});

test("a new one is offered for the next hour, or for nine on another day", () => {
  const now = new Date("2026-12-01T10:20:00Z");
  expect(usualPlan("2026-12-01", now, ZONE).start).toMatchObject({ time: "12:00" });
  expect(usualPlan("2026-12-02", now, ZONE)).toMatchObject({
    start: { time: "09:00" },
    end: { time: "10:00" },
  });
  expect(usualPlan("2026-12-01", new Date("2026-12-01T22:30:00Z"), ZONE).start).toMatchObject({
    time: "09:00",
  });
});
