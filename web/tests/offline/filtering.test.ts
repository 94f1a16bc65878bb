import { describe, expect, it } from "vitest";
import vectors from "../../../tests/vectors/filters.json";
import { Problem } from "../../src/lib/api/problem";
import type { FilterSections, Page, Task } from "../../src/lib/api/types";
import { answerTo } from "../../src/lib/offline/answers";
import { dayCalled } from "../../src/lib/offline/filterDays";
import { World } from "../../src/lib/offline/world";
import { ME, TASK } from "./fakes";

/** A Wednesday. */
const NOW = new Date("2026-11-25T10:00:00Z");
const on = (date: string): object => ({ kind: "date", date });
const label = (name: string): object => ({ id: name, name, color: "growth" });

const ROWS: [string, Record<string, unknown> & { id: string }][] = [
  ["project", { id: "p", name: "Neue Küche", phases: [{ id: "ph", name: "Plan" }] }],
  ["goal", { id: "g", title: "Run 10_000 m" }],
  ["area", { id: "a", name: "Home" }],
  ["task", task("tiles", "Choose tiles", { priority: 1, due: on("2026-11-25"), ...inKitchen("ph") })],
  ["task", task("wall", "Measure wall", { parent_id: "tiles", ...inKitchen("ph") })],
  ["task", task("paint", "Paint", { due: on("2026-11-28"), notes: "Oat colour", ...inKitchen() })],
  ["task", task("run", "Intervals", { due: on("2026-11-23"), goal_id: "g", duration_minutes: 45 })],
  ["task", task("milk", "Buy oat milk", { labels: [label("Errand"), label("food")] })],
  ["task", task("later", "Sow", { start: on("2026-12-10"), waiting_for: "Ada", state: "waiting" })],
  ["task", task("done", "Call plumber", { state: "done", labels: [label("errand")] })],
  ["task", task("away", "Old", { archived_at: "2026-11-01T00:00:00Z" })],
  ["task", task("gone", "Gone", { deleted_at: "2026-11-01T00:00:00Z" })],
  ["dependency", { id: "d", blocker_id: "tiles", blocked_id: "paint", kind: "blocks" }],
  ["comment", { id: "c", task_id: "milk" }],
  ["note", { id: "n", task_id: "run", deleted_at: null }],
];

function task(id: string, title: string, more: object): Record<string, unknown> & { id: string } {
  return { ...TASK, id, title, rank: id, ...more };
}

function inKitchen(phase: string | null = null): object {
  return { project_id: "p", phase_id: phase, area_id: "a" };
}

const world = new World(ROWS.map(([entity, row]) => ({ entity, id: row.id, row })), []);

function ask(q: string): FilterSections {
  const asked = { world, me: ME, query: { q }, now: NOW };
  return answerTo("/filters/preview", asked) as FilterSections;
}

function found(q: string): string {
  const sections = ask(q).sections.map((section) =>
    section.groups.flatMap((group) => (group.items as Task[]).map((row) => row.id)).join(" "),
  );
  return sections.join(", ");
}

function refusal(q: string): Problem["filter"] {
  try {
    ask(q);
  } catch (error) {
    if (error instanceof Problem) return error.filter;
    throw error;
  }
  return null;
}

const FINDS: Record<string, string> = {
  "*": "later milk paint run tiles wall",
  "": "later milk paint run tiles wall",
  "oat": "milk paint",
  "OÁT mil": "milk",
  '"oat milk"': "milk",
  '"milk oat"': "",
  "ada": "later",
  "#\"neue kuche\"": "paint tiles",
  "##neue*": "paint tiles wall",
  "#Neue*/plan": "tiles",
  "@errand": "milk",
  "@errand is:done": "done",
  "~home !p1": "paint wall",
  '^"Run 10_000 m"': "run",
  "due:today | due:<today": "run tiles",
  "due:thu..sat": "paint",
  "due:..+3d sort:-due": "paint tiles run",
  "no:date sort:title": "milk wall later",
  "is:overdue, is:blocked": "run, paint",
  "is:blocking": "tiles",
  "is:deferred sort:start": "later",
  "is:waiting | is:subtask": "later wall",
  "has:subtask": "tiles",
  "has:note": "paint run",
  "has:comment": "milk",
  "duration:30m..1h": "run",
  "priority:<=2": "tiles",
  "!(oat | p1) has:date": "run",
  "-oat -p1 has:date": "run",
  "assignee:none limit:2": "later milk",
  "is:archived": "away",
  "text:p1": "",
};

describe("filters without the server", () => {
  it.each(Object.entries(FINDS))("%s", (q, ids) => {
    expect(found(q)).toBe(ids);
  });

  it("is refused where the server is needed, and there only", () => {
    const detail = "`by:ai` needs the server, which cannot be reached now.";
    expect(refusal("p1 by:ai")).toMatchObject({ detail, start: 3, end: 8 });
    for (const q of ["is:unread", "is:habit", "streak:>7", "group:project", "done:today", "sort:done"])
      expect(refusal(`milk ${q}`)).toMatchObject({ start: 5, end: 5 + q.length });
    for (const q of ["is:constructor", "has:constructor", "sort:constructor", "due:constructor"])
      expect(refusal(`milk ${q}`)).toMatchObject({ start: 5, end: 5 + q.length });
    expect(refusal("🥛 (milk")).toMatchObject({ start: 0 });
    expect(refusal("milk 🥛x by:me")).toMatchObject({ start: 8, end: 13 });
  });

  it("reads what the server reads, and refuses what it refuses", () => {
    for (const vector of vectors as { text: string; canonical?: string }[]) {
      const problem = refusal(vector.text);
      if (vector.canonical === undefined) expect(problem, vector.text).not.toBeNull();
      else if (problem) expect(problem.detail, vector.text).toContain("needs the server");
    }
  });

  it("answers lists of tasks, and nothing about goals and habits", () => {
    const query = { q: "is:deferred sort:start" };
    const page = answerTo("/tasks", { world, me: ME, query, now: NOW }) as Page<Task>;
    expect(page.items.map((row) => row.id)).toEqual(["later"]);
    for (const about of ["goal", "habit"])
      expect(
        answerTo("/filters/preview", { world, me: ME, query: { q: "x", about }, now: NOW }),
      ).toBeUndefined();
  });

  it("counts days as the server does", () => {
    const days: Record<string, string> = {
      ...{ sow: "2026-11-22", eow: "2026-11-28", eom: "2026-11-30", soy: "2026-01-01" },
      ...{ "+1m": "2026-12-25", "-1y": "2025-11-25", "+9999y": "2200-12-31", "-2w": "2026-11-11" },
      ...{ wed: "2026-11-25", tuesday: "2026-12-01", tmr: "2026-11-26", "2026-02-28": "2026-02-28" },
    };
    const present = { today: "2026-11-25", weekStart: 6 };
    for (const [word, day] of Object.entries(days)) expect(dayCalled(word, present), word).toBe(day);
    expect(dayCalled("tue", present, true)).toBe("2026-11-24");
    for (const word of ["2026-02-30", "2026-2-3", "someday", "+5", ""])
      expect(dayCalled(word, present), word).toBeNull();
    expect(dayCalled("+3m", { today: "2026-11-30", weekStart: 0 })).toBe("2027-02-28");
  });
});
