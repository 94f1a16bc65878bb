import { describe, expect, it } from "vitest";
import type { FilterSections, Page, SavedFilter, Task, Template } from "../../src/lib/api/types";
import { shownValue } from "../../src/lib/format/changes";
import { answerTo } from "../../src/lib/offline/answers";
import { keptAs } from "../../src/lib/offline/remembered";
import { nextStamp } from "../../src/lib/offline/hlc";
import { draftsOf } from "../../src/lib/offline/requests";
import { planted } from "../../src/lib/offline/saved";
import type { Entity, Queued, Verb } from "../../src/lib/offline/wire";
import { World, type Stored } from "../../src/lib/offline/world";
import { DEVICE, ME, TASK } from "./fakes";

const NOW = new Date("2026-11-25T10:00:00Z");
const TODAY = "2026-11-25";
/** What only the server can tell. */
const [MADE_BY_ME, MADE_BY_AI] = ["by:me", "by:ai"];
const FILTER = { query: MADE_BY_ME, icon: "list-filter", color: "growth", favourite: true };
const REPEAT = { rule: "FREQ=DAILY", mode: "schedule", catch_up: "collapse", text: "every day" };
const LINES = [
  { title: "Pack", depth: 0, due_day: 2, due_time: "09:00", labels: ["trip"], phase: null },
  { title: "Passport", depth: 1, due_day: null },
  { title: "Tickets", depth: 1, deadline_day: -1 },
  { title: "Water the plants", depth: 0, start_day: 0, notes: "All" },
].map((line) => ({ notes: "", priority: 4, weight: 1, labels: [], phase: null, ...bare(), ...line }));

function bare(): object {
  return { start_day: null, due_day: null, due_time: null, deadline_day: null, duration_minutes: null };
}

const ROWS: [string, Record<string, unknown> & { id: string }][] = [
  ["filter", { ...FILTER, id: "f1", name: "First", position: "h1" }],
  ["filter", { ...FILTER, id: "f2", name: "Second", position: "h0", query: MADE_BY_AI }],
  ["template", { id: "t2", name: "Trip", description: "", tasks: LINES }],
  ["template", { id: "t1", name: "Close", description: "", tasks: [LINES[3]] }],
  ["project", { id: "p1", name: "Move", area_id: null, phases: [{ id: "ph1", name: "Boxes" }] }],
  ["habit", { id: "h1", title: "Read", deleted_at: null }],
  ["goal", { id: "g1", title: "Run", status: "active", start_value: null }],
  ["task", { ...TASK, id: "a", title: "A", goal_id: "g1" }],
  ["task", { ...TASK, id: "b", title: "B", goal_id: "g1", series_id: "s1", repeat: REPEAT }],
];

let clock = 0;

function operation(entity: Entity, id: string, verb: Verb, fields = {}): Queued {
  clock += 1;
  const hlc = nextStamp(null, NOW.getTime() + clock, DEVICE);
  const kept = { deed: "d", label: "", sent: false, refusal: null, base: 1 };
  return { id: `o${clock}`, entity, entity_id: id, verb, fields, hlc, ...kept };
}

function world(operations: Queued[] = [], more: Stored[] = []): World {
  const stored = ROWS.map(([entity, row]) => ({ entity, id: row.id, row: structuredClone(row) }));
  return new World([...stored, ...more], operations);
}

function ask<T>(path: string, from = world()): T {
  return answerTo(path, { world: from, me: ME, query: {}, now: NOW }) as T;
}

const names = (page: Page<{ name: string }>): string[] => page.items.map((row) => row.name);

describe("saved filters", () => {
  it("are listed in their order, made, moved, changed and deleted", () => {
    expect(names(ask("/filters"))).toEqual(["Second", "First"]);
    const [made] = draftsOf("POST", "/filters", { id: "f3", name: "Third", query: "is:overdue" })!;
    const after = world([
      operation(made!.entity, "f3", made!.verb, made!.fields),
      operation("filter", "f1", "move", { after_id: null }),
      operation("filter", "f2", "update", { favourite: false }),
    ]);
    expect(names(ask("/filters", after))).toEqual(["First", "Second", "Third"]);
    expect(ask<SavedFilter>("/filters/f2", after).favourite).toBe(false);
    expect(ask<SavedFilter>("/filters/f3", after)).toMatchObject({ color: "growth", favourite: false });
    const gone = world([operation("filter", "f1", "delete")]);
    expect(names(ask("/filters", gone))).toEqual(["Second"]);
    expect(draftsOf("POST", "/filters/check", { query: "p1" })).toBeNull();
  });

  const seen = (text = MADE_BY_ME): Stored => {
    const items = [{ ...TASK, id: "a" }, { ...TASK, id: "b" }, { ...TASK, id: "purged" }];
    const habits = [{ habit: { id: "h1" }, verdict: "open" }, { habit: { id: "gone" } }];
    const section = (kind: string, rows: object[]): object => ({
      ...{ kind, text, next_cursor: null },
      groups: [{ key: null, title: null, items: rows }],
    });
    const data = { text, sections: [section("task", items), section("habit", habits)] };
    const id = keptAs("/filters/f1/sections", {})!;
    return { entity: "answer", id, row: { id, data } };
  };
  const found = (from: World): string[] => {
    const [tasks] = ask<FilterSections>("/filters/f1/sections", from).sections;
    return tasks!.groups.flatMap(({ items }) => (items as Task[]).map(({ title }) => title));
  };

  it("show what they found last, as it is now", () => {
    const renamed = operation("task", "a", "update", { title: "A, new" });
    expect(found(world([renamed], [seen()]))).toEqual(["A, new", "B"]);
    const done = operation("task", "b", "complete");
    expect(found(world([done], [seen()]))).toEqual(["A"]);
    const [, habits] = ask<FilterSections>("/filters/f1/sections", world([], [seen()])).sections;
    expect(habits!.groups[0]!.items).toEqual([{ habit: { id: "h1" }, verdict: "open" }]);
  });

  it("find nothing known where they were never opened or ask for something else by now", () => {
    expect(ask("/filters/f2/sections", world([], [seen()]))).toBeUndefined();
    const changed = operation("filter", "f1", "update", { query: "is:unread" });
    expect(ask("/filters/f1/sections", world([changed], [seen()]))).toBeUndefined();
  });

  it("find anew what this device can tell by itself", () => {
    const changed = operation("filter", "f1", "update", { query: "new sort:title" });
    const renamed = operation("task", "a", "update", { title: "A, new" });
    const made = operation("task", "c", "create", { title: "New here" });
    expect(found(world([changed, renamed, made], [seen()]))).toEqual(["A, new", "New here"]);
  });
});

describe("templates", () => {
  it("are listed by name, made, changed and deleted", () => {
    expect(names(ask("/templates"))).toEqual(["Close", "Trip"]);
    const tasks = [{ title: "Bread", depth: 0, due_day: null }];
    const [made] = draftsOf("POST", "/templates", { id: "t3", name: "Aldi", tasks })!;
    const after = world([
      operation(made!.entity, "t3", made!.verb, made!.fields),
      operation("template", "t1", "delete"),
    ]);
    expect(names(ask("/templates", after))).toEqual(["Aldi", "Trip"]);
    const line = ask<Template>("/templates/t3", after).tasks[0];
    expect(line).toMatchObject({ title: "Bread", priority: 4, labels: [], phase: null });
  });

  it("are used as single deeds with the same days and places", () => {
    const template = ask<Template>("/templates/t2");
    const drafts = planted(world(), template, { project_id: "p1" }, TODAY)!;
    expect(drafts.every(({ entity, verb }) => entity === "task" && verb === "create")).toBe(true);
    const [pack, passport, tickets, water] = drafts.map(({ fields }) => fields);
    const due = { kind: "floating", date: "2026-11-27", time: "09:00" };
    expect(pack).toMatchObject({ title: "Pack", project_id: "p1", due, labels: ["trip"] });
    expect(passport).toMatchObject({ parent_id: drafts[0]!.entity_id, due: null });
    expect(tickets).toMatchObject({ parent_id: drafts[0]!.entity_id, deadline: "2026-11-24" });
    expect(water).toMatchObject({ start: { kind: "date", date: TODAY }, notes: "All" });
    expect([water!.parent_id, passport!.project_id]).toEqual([undefined, undefined]);
    const ids = drafts.map((draft) => draft.entity_id);
    expect(ids).toEqual([...ids].sort());
  });

  it("are left to the server where more than tasks would be made", () => {
    const phased = (phase: string): Template =>
      ({ ...ask<Template>("/templates/t1"), tasks: [{ ...LINES[3], phase }] }) as Template;
    const use = { project_id: "p1", start_date: TODAY };
    expect(planted(world(), phased("Boxes"), use, TODAY)?.[0]?.fields.phase_id).toBe("ph1");
    expect(planted(world(), phased("Curtains"), use, TODAY)).toBeNull();
    const deep = { ...ask<Template>("/templates/t1"), tasks: [{ ...LINES[3], depth: 5 }] } as Template;
    expect(planted(world(), deep, { parent_id: "a" }, TODAY)).toBeNull();
  });

  it("are left to the server where a line repeats, is tied or has a zone", () => {
    const told = [
      { repeat: { rule: "FREQ=DAILY", mode: "schedule" } },
      { ties: [{ line: 0, kind: "blocks" }] },
      { due_zone: "Europe/Berlin" },
      { start_time: "08:00" },
    ];
    for (const more of told) {
      const tasks = [LINES[0], { ...LINES[3], ...more }];
      const template = { ...ask<Template>("/templates/t1"), tasks } as Template;
      expect(planted(world(), template, {}, TODAY)).toBeNull();
    }
  });
});

describe("what repeats", () => {
  const task = (...operations: Queued[]): Task => ask("/tasks/b", world(operations));

  it("is done, and awaits what comes next", () => {
    const done = operation("task", "b", "complete");
    expect(task(done)).toMatchObject({ state: "done", awaits_next: true });
    expect(task(done, operation("task", "b", "reopen")).awaits_next).toBe(false);
    expect(ask<Task>("/tasks/a", world([operation("task", "a", "complete")])).awaits_next).toBe(false);
  });

  it("counts as open, and never as done for good", () => {
    const both = world([operation("task", "a", "complete"), operation("task", "b", "complete")]);
    expect(ask("/goals/g1", world())).toMatchObject({ progress: 0, open_tasks: 2, done_tasks: 0 });
    expect(ask("/goals/g1", both)).toMatchObject({ progress: 1, open_tasks: 0, done_tasks: 1 });
    expect(ask<{ parts: object[] }>("/goals/g1/progress").parts).toHaveLength(1);
  });

  it("is said in its words in a conflict", () => {
    expect(shownValue(REPEAT, TODAY, "Europe/Berlin")).toBe("every day");
  });
});
