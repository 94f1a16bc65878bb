import { describe, expect, it } from "vitest";
import type { Page } from "../../src/lib/api/types";
import { answerTo } from "../../src/lib/offline/answers";
import { nextStamp } from "../../src/lib/offline/hlc";
import { before } from "../../src/lib/format/moments";
import type { KeptReminder } from "../../src/lib/offline/reminders";
import { draftsOf, wordsFor, type Draft } from "../../src/lib/offline/requests";
import { World, type Stored } from "../../src/lib/offline/world";
import { DEVICE, ME, TASK } from "./fakes";
import text from "../../../tests/vectors/reminders.json?raw";

interface Instant {
  why: string;
  wall: string;
  zone: string;
  minutes_before: number;
  instant: string;
}

const NOW = new Date("2026-11-25T10:00:00Z");
const DUE = { kind: "floating", date: "2026-11-26", time: "09:00:00" };
const REMINDER = {
  subject: "task", subject_id: "t", anchor: "due", minutes_before: null,
  on_date: null, time: null, zone: null, created_at: "2026-11-24T10:00:00Z", updated_at: "", version: 1,
};
const GOAL = { id: "g", status: "active", target_date: "2026-12-24", deleted_at: null, archived_at: null };
const ROWS: [string, Record<string, unknown> & { id: string }][] = [
  ["task", { ...TASK, id: "t", title: "Call", state: "todo", due: DUE }],
  ["goal", GOAL],
];

const kept = (entity: string, row: Record<string, unknown> & { id: string }): Stored => ({ entity, id: row.id, row });

function world(more: Stored[] = [], drafts: Draft[] = []): World {
  const operations = drafts.map((draft, place) => ({
    ...draft, id: `o${place}`, base: null, hlc: nextStamp(null, NOW.getTime() + place, DEVICE),
    deed: "d", label: "", sent: false, refusal: null,
  }));
  return new World([...ROWS.map(([entity, row]) => kept(entity, row)), ...more], operations);
}

function ask(from: World, query = {}): KeptReminder[] {
  return (answerTo("/reminders", { world: from, me: ME, query, now: NOW }) as Page<KeptReminder>).items;
}

const next = (row: object, more: Stored[] = []): string | null | undefined =>
  ask(world([...more, kept("reminder", { ...REMINDER, id: "r", ...row })]))[0]!.next_at;

describe("reminders", () => {
  const { instants } = JSON.parse(text) as { instants: Instant[] };

  it.each(instants)("come when the server would ring: $why", ({ wall, zone, minutes_before, instant }) => {
    const [date, time] = wall.split("T") as [string, string];
    expect(before(date, time, minutes_before, zone)).toEqual(new Date(instant));
  });

  it("are set, moved and taken away without a connection", () => {
    const set = draftsOf("POST", "/reminders", { id: "r", subject: "task", subject_id: "t", minutes_before: 30 })!;
    expect(wordsFor(set[0]!, undefined)).toBe("Add a reminder");
    const [row] = ask(world([], set), { subject_id: "t" });
    expect(row).toMatchObject({ anchor: "due", minutes_before: 30, next_at: "2026-11-26T07:30:00.000Z" });
    expect(ask(world([], set), { subject_id: "g" })).toEqual([]);
    const moved = draftsOf("PATCH", "/reminders/r", { minutes_before: 60 })!;
    expect(ask(world([], [...set, ...moved]))[0]!.next_at).toBe("2026-11-26T07:00:00.000Z");
    expect(ask(world([], [...set, ...draftsOf("DELETE", "/reminders/r", undefined)!]))).toEqual([]);
  });

  it("count from what they say they count from", () => {
    expect(next({ time: "08:15" })).toBe("2026-11-26T07:15:00.000Z");
    expect(next({ anchor: "at", on_date: "2026-11-27", time: "10:00" })).toBe("2026-11-27T09:00:00.000Z");
    expect(next({ anchor: "at", on_date: "2026-11-27", time: "10:00", zone: "UTC" })).toBe("2026-11-27T10:00:00.000Z");
    expect(next({ anchor: "at", on_date: "2026-11-24", time: "10:00" })).toBeNull();
    expect(next({ anchor: "start", minutes_before: 5 })).toBeNull();
    const zoned = { kind: "zoned", date: "2026-11-26", time: "09:00:00", zone: "Asia/Tokyo" };
    expect(next({ minutes_before: 0 }, [kept("task", { ...TASK, id: "t", due: zoned })])).toBe(
      "2026-11-26T00:00:00.000Z",
    );
  });

  it("are silent once their thing is done, and come with the next occurrence", () => {
    const again = { ...TASK, series_id: "s", slot: "2026-11-26", due: DUE };
    const done = kept("task", { ...again, id: "t", state: "done" });
    expect(next({ minutes_before: 0 }, [kept("task", { ...TASK, id: "t", due: DUE, state: "done" })])).toBeNull();
    const following = { ...again, id: "u", slot: "2026-11-27", due: { ...DUE, date: "2026-11-27" } };
    const more = [done, kept("task", following), kept("series", { id: "s", continues_id: null })];
    expect(next({ minutes_before: 0 }, more)).toBe("2026-11-27T08:00:00.000Z");
    const rows = world([...more, kept("reminder", { ...REMINDER, id: "r", minutes_before: 0 })]);
    expect(ask(rows, { subject_id: "u" })).toHaveLength(1);
  });

  it("of a whole day need the usual time, which only a device that has seen it knows", () => {
    const week = { subject: "goal", subject_id: "g", minutes_before: 10_080 };
    expect(next(week)).toBeUndefined();
    const seen = kept("answer", { id: "/preferences", data: { notification_time: "08:00" }, at: 0 });
    expect(next(week, [seen])).toBe("2026-12-17T07:00:00.000Z");
    expect(next({ ...week, subject: "event" })).toBeUndefined();
  });
});
