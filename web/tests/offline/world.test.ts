import { describe, expect, it } from "vitest";
import type {
  AreaSummary,
  Calendar,
  GoalProgress,
  HabitDayList,
  Page,
  Task,
  Today,
} from "../../src/lib/api/types";
import { answerTo } from "../../src/lib/offline/answers";
import { keptAs } from "../../src/lib/offline/remembered";
import { later, nextStamp } from "../../src/lib/offline/hlc";
import { draftsOf, wordsFor } from "../../src/lib/offline/requests";
import { dayOf } from "../../src/lib/offline/today";
import type { Entity, Queued, Verb } from "../../src/lib/offline/wire";
import { World } from "../../src/lib/offline/world";
import { DEVICE, ME, TASK } from "./fakes";

const NOW = new Date("2026-11-25T10:00:00Z");
const TODAY = "2026-11-25";
const due = (date: string) => ({ kind: "date", date });

const KEPT = { archived_at: null, deleted_at: null, position: "h0" };
const ROWS: [Entity, Record<string, unknown> & { id: string }][] = [
  ["area", { ...KEPT, id: "a1", name: "Health", color: "health" }],
  ["project", { ...KEPT, id: "p1", name: "Move", area_id: "a1", status: "active", phases: [] }],
  ["goal", { ...KEPT, id: "g1", title: "Run", status: "active", area_id: "a1", start_value: null }],
  ["label", { id: "l1", name: "Errand", color: "play" }],
  ["task", { ...TASK, id: "due", title: "Due", due: due(TODAY), rank: "h1" }],
  ["task", { ...TASK, id: "late", title: "Late", due: due("2026-11-20"), state: "todo" }],
  ["task", { ...TASK, id: "step", title: "Step", goal_id: "g1", area_id: "a1", state: "todo" }],
  ["task", { ...TASK, id: "sub", title: "Sub", parent_id: "step", goal_id: "g1", area_id: "a1" }],
  ["task", { ...TASK, id: "wait", title: "Wait", due: due(TODAY), state: "todo" }],
  ["dependency", { id: "d1", blocker_id: "due", blocked_id: "wait", kind: "blocks" }],
];

let clock = 0;

function operation(entity: Entity, id: string, verb: Verb, fields = {}): Queued {
  clock += 1;
  const hlc = nextStamp(null, NOW.getTime() + clock, DEVICE);
  const kept = { deed: "d", label: "", sent: false, refusal: null, base: 1 };
  return { id: `o${clock}`, entity, entity_id: id, verb, fields, hlc, ...kept };
}

function world(...operations: Queued[]): World {
  const stored = ROWS.map(([entity, row]) => ({ entity, id: row.id, row: structuredClone(row) }));
  return new World(stored, operations);
}

function ask<T>(path: string, query = {}, from = world()): T {
  return answerTo(path, { world: from, me: ME, query, now: NOW }) as T;
}

const ids = (rows: { id: string }[]): string[] => rows.map((row) => row.id);

describe("Today", () => {
  it("sorts the day as the server does, without what waits for another task", () => {
    const today = ask<Today>("/today");
    expect(today.date).toBe(TODAY);
    expect([ids(today.overdue), ids(today.due), ids(today.done)]).toEqual([["late"], ["due"], []]);
    expect(ids(today.next)).toEqual(["sub"]);
    expect(today.days).toHaveLength(14);
  });

  it("moves with what is done here", () => {
    const after = world(operation("task", "due", "complete"));
    const today = ask<Today>("/today", {}, after);
    expect([ids(today.due), ids(today.done)]).toEqual([["wait"], ["due"]]);
    expect(today.rings.tasks).toEqual({ done: 1, planned: 3 });
    expect(today.days.at(-1)).toEqual({ date: TODAY, done: 1 });
  });

  it("reads a time in another zone as the day it is here", () => {
    const when = { kind: "zoned", date: TODAY, time: "22:30", zone: "America/New_York" } as const;
    expect(dayOf(when, "Europe/Berlin")).toBe("2026-11-26");
    expect(dayOf({ ...when, time: "08:00" }, "Europe/Berlin")).toBe(TODAY);
  });
});

describe("lists", () => {
  it("filter and sort as asked", () => {
    const list = (query: object, from = world()) => ids(ask<Page<Task>>("/tasks", query, from).items);
    expect(list({ goal_id: "g1" })).toEqual(["step", "sub"]);
    expect(list({ state: "inbox", due_before: TODAY })).toEqual([]);
    expect(list({ sort: "due", due_after: "2026-11-24" })).toEqual(["wait", "due"]);
    const done = world(operation("task", "late", "complete"));
    expect(list({ completed: true }, done)).toEqual(["late"]);
    expect(list({ due_before: TODAY }, done)).toEqual([]);
  });

  it("hide what is archived or in the trash, unless asked for it", () => {
    const gone = world(operation("goal", "g1", "delete"), operation("task", "late", "archive"));
    expect(ids(ask<Page<Task>>("/tasks", {}, gone).items)).toEqual(["wait", "due"]);
    expect(ids(ask<Page<Task>>("/tasks", { include: "archived" }, gone).items)).toContain("late");
    expect(ask<Page<Task>>("/goals", {}, gone).items).toEqual([]);
  });
});

describe("what follows from a change", () => {
  it("counts leaves by weight for goals and areas", () => {
    const after = world(operation("task", "sub", "complete"));
    expect(ask("/goals/g1", {}, after)).toMatchObject({ progress: 1, open_tasks: 0, done_tasks: 1 });
    expect(ask<GoalProgress>("/goals/g1/progress", {}, after).explanation).toBe(
      "1 of 1 task, by weight 100 %",
    );
    expect(ask<AreaSummary>("/areas/a1/summary", {}, after)).toMatchObject({
      done_tasks: 1,
      active_goals: 1,
      projects: 1,
    });
    expect(ask("/tasks/step", {}, after)).toMatchObject({ progress: 1, subtasks_done: 1 });
  });

  it("settles subtasks with their parent, and reopens parents with them", () => {
    const done = operation("task", "step", "complete");
    expect(ask("/tasks/sub", {}, world(done))).toMatchObject({ state: "done" });
    const again = world(done, operation("task", "sub", "reopen"));
    expect(ask("/tasks/step", {}, again)).toMatchObject({ state: "todo", completed_at: null });
  });

  it("places new tasks where the server would", () => {
    const make = (fields: object) =>
      ask<Task>("/tasks/new", {}, world(operation("task", "new", "create", fields)));
    expect(make({ title: "A" })).toMatchObject({ state: "inbox", priority: 4, area_id: null });
    expect(make({ title: "A", goal_id: "g1" })).toMatchObject({ state: "todo", area_id: "a1" });
    const child = { title: "A", parent_id: "step" };
    expect(make(child)).toMatchObject({ goal_id: "g1", area_id: "a1", state: "todo" });
    const labelled = { title: "A", labels: ["errand", "new one"] };
    expect(make(labelled).labels.map((label) => label.name)).toEqual(["Errand", "new one"]);
  });

  it("puts a task behind another one", () => {
    const rows = world(operation("task", "due", "move", { after_id: "late" })).all("task");
    const order = ids(rows.sort((a, b) => (a.rank < b.rank ? -1 : 1)));
    expect(order.at(-1)).toBe("due");
    expect(ask("/tasks/due", {}, world(operation("task", "due", "move", { after_id: null }))))
      .toMatchObject({ rank: "" });
  });
});

describe("requests", () => {
  it("become operations where they can wait", () => {
    expect(draftsOf("POST", "/tasks", { id: "x", title: "A" })).toEqual([
      { entity: "task", entity_id: "x", verb: "create", fields: { title: "A" } },
    ]);
    expect(draftsOf("PATCH", "/goals/g1", { title: "B" })?.[0]).toMatchObject({ verb: "update" });
    expect(draftsOf("DELETE", "/areas/a1", undefined)?.[0]).toMatchObject({ verb: "delete" });
    expect(draftsOf("POST", "/tasks/t/dependencies", { blocker_id: "b" })?.[0]).toMatchObject({
      entity: "dependency",
      fields: { blocker_id: "b", blocked_id: "t", kind: "blocks" },
    });
    const bulk = { task_ids: ["a", "b"], action: { kind: "complete" } };
    expect(draftsOf("POST", "/tasks/bulk", bulk)?.map((draft) => draft.verb)).toEqual([
      "complete",
      "complete",
    ]);
  });

  it("put many on a day, each at its own time, or in a place", () => {
    const timed = { kind: "floating", date: "2026-11-27", time: "17:00" } as const;
    const ask = (action: object) =>
      draftsOf("POST", "/tasks/bulk", { task_ids: ["a", "b"], action }, (id) =>
        id === "a" ? timed : null,
      )?.map((draft) => draft.fields);
    expect(ask({ kind: "reschedule", date: "2026-12-01" })).toEqual([
      { due: { ...timed, date: "2026-12-01" } },
      { due: { kind: "date", date: "2026-12-01" } },
    ]);
    expect(ask({ kind: "move", goal_id: "g" })).toEqual([{ goal_id: "g" }, { goal_id: "g" }]);
    expect(ask({ kind: "move", after_id: null })).toBeUndefined();
  });

  it("stay requests where only the server can do them", () => {
    for (const path of ["/goals/decompose", "/goals/g1/decompose", "/auth/logout", "/stories"])
      expect(draftsOf("POST", path, {})).toBeNull();
    expect(draftsOf("POST", "/projects/p1/phases", { name: "A" })).toBeNull();
  });

  it("have words", () => {
    const [draft] = draftsOf("POST", "/tasks/t/complete", undefined)!;
    expect(wordsFor(draft!, "Call Mum")).toBe("Complete “Call Mum”");
    expect(wordsFor(draft!, undefined)).toBe("Complete a task");
  });
});

describe("stamps", () => {
  it("grow, even where the clock does not", () => {
    const first = nextStamp(null, 1_000, DEVICE);
    const second = nextStamp(first, 500, DEVICE);
    expect(second > first).toBe(true);
    expect(nextStamp(second, 2_000, DEVICE) > second).toBe(true);
    const full = first.replace("-0000-", "-ffff-");
    expect(nextStamp(full, 1_000, DEVICE) > full).toBe(true);
    expect(later(first, second)).toBe(second);
    expect(later(null, first)).toBe(first);
  });
});

describe("habits", () => {
  const schedule = { kind: "quota", times: 1 };
  const habit = { ...KEPT, id: "h1", title: "Read", type: "yes_no", target: 1, period: "day", schedule };
  const seen = {
    date: TODAY,
    ring: { done: 0, planned: 1 },
    habits: [{ habit, verdict: "open", amount: 0, reached: 0, need: 1, check_ins: [], due: true }],
  };

  function day(date: string, ...operations: Queued[]): HabitDayList {
    const rows = [
      { entity: "habit", id: "h1", row: habit },
      { entity: "answer", id: "/habits/today", row: { id: "/habits/today", data: seen } },
    ];
    return ask("/habits/today", { date }, new World(structuredClone(rows), operations));
  }

  const checked = (fields = {}): Queued =>
    operation("check_in", "c1", "create", { habit_id: "h1", day: TODAY, ...fields });

  it("show what the server last said, and what was recorded here since", () => {
    expect(day(TODAY).habits[0]).toMatchObject({ verdict: "open", amount: 0 });
    const after = day(TODAY, checked());
    expect(after.habits[0]).toMatchObject({ verdict: "done", amount: 1, reached: 1 });
    expect(after.habits[0]!.check_ins).toHaveLength(1);
    expect([day(TODAY).habits[0]!.awaits_streak, after.habits[0]!.awaits_streak]).toEqual([undefined, true]);
    expect(after.ring).toEqual({ done: 1, planned: 1 });
    expect(day(TODAY, checked({ kind: "skip" })).habits[0]!.verdict).toBe("skipped");
    expect(day(TODAY, checked(), operation("check_in", "c1", "delete")).ring.done).toBe(0);
  });

  it("begin the next day with nothing recorded", () => {
    const next = day("2026-11-26", checked());
    expect(next.habits[0]).toMatchObject({ verdict: "open", amount: 0, check_ins: [] });
  });

  it("are checked and left out by operations", () => {
    expect(draftsOf("POST", "/habits/h1/check-ins", { id: "c", amount: undefined })).toEqual([
      { entity: "check_in", entity_id: "c", verb: "create", fields: { habit_id: "h1" } },
    ]);
    expect(draftsOf("POST", "/habits/h1/skip", { reason: "Ill" })?.[0]).toMatchObject({
      entity: "check_in",
      fields: { habit_id: "h1", kind: "skip", note: "Ill" },
    });
    expect(draftsOf("DELETE", "/habits/h1/check-ins/c", undefined)?.[0]).toMatchObject({
      entity: "check_in",
      entity_id: "c",
      verb: "delete",
    });
  });
});

describe("the calendar", () => {
  it("shows each day with what is due, and what the server foresaw", () => {
    const foreseen = { from: TODAY, to: TODAY, days: [{ date: TODAY, habits: ["x"], tasks: [] }] };
    const rows = ROWS.map(([entity, row]) => ({ entity, id: row.id, row: structuredClone(row) }));
    const answer = { entity: "answer", id: "/calendar", row: { id: "/calendar", data: foreseen } };
    const query = { from: TODAY, to: "2026-11-27" };
    const shown = ask<Calendar>("/calendar", query, new World([...rows, answer], []));
    expect(shown.days.map((each) => each.date)).toEqual([TODAY, "2026-11-26", "2026-11-27"]);
    expect(shown.days[0]).toMatchObject({ habits: ["x"], deadlines: [] });
    expect(ids(shown.days[0]!.tasks)).toEqual(["wait", "due"]);
  });
});

describe("answers that only the server can give", () => {
  it("are kept under what was asked, the days' under no day", () => {
    expect(keptAs("/today", { date: TODAY })).toBe("/today");
    expect(keptAs("/proposals", { status: "open", goal_id: "g", limit: 1 })).toBe(
      "/proposals goal_id=g limit=1 status=open",
    );
    expect(keptAs("/proposals", { cursor: "c" })).toBeNull();
    expect(keptAs("/tasks", {})).toBeNull();
  });
});

describe("The journal", () => {
  const written = [
    operation("journal_entry", "e1", "create", { day: "2026-11-24", mood: 2, body: "Rain" }),
    operation("journal_entry", "e2", "create", { day: TODAY, mood: 4, energy: 3 }),
    operation("journal_entry", "e3", "create", { day: TODAY, mood: 5 }),
  ];

  it("lists what was written offline, the last day first, and means by day", () => {
    const here = world(...written);
    expect(ids(ask<Page<Task>>("/journal", {}, here).items)).toEqual(["e3", "e2", "e1"]);
    expect(ask("/journal/days", { since: TODAY, until: TODAY }, here)).toEqual({
      items: [{ day: TODAY, mood: 4.5, energy: 3, entries: 2 }],
    });
    expect(ask("/journal/e1", {}, here)).toMatchObject({ body: "Rain", energy: null, words: [] });
  });

  it("keeps what is in the trash away, and names no word of it while it waits", () => {
    const gone = world(...written, operation("journal_entry", "e3", "delete"));
    expect(ids(ask<Page<Task>>("/journal", {}, gone).items)).toEqual(["e2", "e1"]);
    expect(ids(ask<Page<Task>>("/journal", { deleted: true }, gone).items)).toEqual(["e3"]);
    const [draft] = draftsOf("POST", "/journal", { id: "e4", day: TODAY, body: "Secret" })!;
    expect(draft).toMatchObject({ entity: "journal_entry", verb: "create", entity_id: "e4" });
    expect(wordsFor(draft!, undefined)).toBe("Add a journal entry");
  });
});
