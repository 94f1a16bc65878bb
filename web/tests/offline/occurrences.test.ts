import { describe, expect, it } from "vitest";
import type { Calendar, Task } from "../../src/lib/api/types";
import { answerTo } from "../../src/lib/offline/answers";
import { nextStamp } from "../../src/lib/offline/hlc";
import type { Person } from "../../src/lib/offline/occurrences";
import { uuid5 } from "../../src/lib/offline/uuid5";
import type { Queued, Verb } from "../../src/lib/offline/wire";
import { World } from "../../src/lib/offline/world";
import { DEVICE, ME, TASK } from "./fakes";

const NOW = new Date("2026-11-25T10:00:00Z");
const TODAY = "2026-11-25";
const SERIES = "01a22500-8b4a-7ccd-9821-84ebb1fc4518";
const REPEAT = { rule: "FREQ=DAILY", mode: "schedule", catch_up: "collapse", text: "every day" };
const HOW = { title: "Water", zone: null, exdates: [], rdates: [], anchor: TODAY, finished_at: null };
const BERLIN: Person = { zone: "Europe/Berlin", dayStart: 0 };

let clock = 0;

function operation(id: string, verb: Verb, fields = {}): Queued {
  clock += 1;
  const hlc = nextStamp(null, NOW.getTime() + clock, DEVICE);
  const kept = { deed: "d", label: "", sent: false, refusal: null, base: 1 };
  return { id: `o${clock}`, entity: "task", entity_id: id, verb, fields, hlc, ...kept };
}

interface Case {
  series?: object;
  task?: object;
  more?: object[];
  person?: Person;
}

/** A task that waters the plants each day from today on, with one subtask. */
function world(operations: Queued[], { series, task, more = [], person }: Case = {}): World {
  const first = { due: { kind: "date", date: TODAY }, slot: TODAY, series_id: SERIES, repeat: REPEAT };
  const rows = [
    ["series", { ...HOW, ...REPEAT, id: SERIES, ...series }],
    ["task", { ...TASK, id: "now", title: "Water", rank: "h1", ...first, ...task }],
    ["task", { ...TASK, id: "sub", title: "Fern", parent_id: "now", series_id: SERIES, state: "done" }],
    ...more.map((each) => ["task", { ...TASK, series_id: SERIES, ...each }]),
  ] as [string, Record<string, unknown> & { id: string }][];
  return new World(structuredClone(rows.map(([entity, row]) => ({ entity, id: row.id, row }))), operations, person);
}

const open = (from: World): Task[] =>
  from.all("task").filter((task) => task.slot && !task.completed_at && task.state !== "skipped");
const dates = (from: World): (string | undefined)[] => open(from).map((task) => task.due?.date);

describe("what comes after an occurrence", () => {
  it("is there at once, under the server's own id, with its subtasks open again", () => {
    const from = world([operation("now", "complete")]);
    const [next] = open(from);
    expect(next).toMatchObject({ id: uuid5(SERIES, "2026-11-26"), title: "Water", foreseen: true });
    expect(next).toMatchObject({ slot: "2026-11-26", due: { kind: "date", date: "2026-11-26" } });
    expect(from.find("task", "now")).toMatchObject({ state: "done", awaits_next: false });
    const [child] = from.childrenOf(next!.id);
    expect(child).toMatchObject({ id: uuid5(next!.id, "sub"), title: "Fern", state: "todo" });
  });

  it("can be done in its turn, and is taken back with what came before", () => {
    const next = uuid5(SERIES, "2026-11-26");
    const chain = [operation("now", "complete"), operation(next, "complete")];
    expect(dates(world(chain))).toEqual(["2026-11-27"]);
    expect(dates(world([chain[0]!, operation("now", "reopen")]))).toEqual([TODAY]);
    const touched = [chain[0]!, operation(next, "update", { title: "Rain" }), operation("now", "reopen")];
    expect(dates(world(touched))).toEqual([TODAY, "2026-11-26"]);
  });

  it("keeps the distance of its other dates, and a time in its zone", () => {
    const zone = "Asia/Tokyo";
    const due = { kind: "zoned", date: TODAY, time: "09:00", zone };
    const task = { due, slot: `${TODAY}T09:00`, deadline: "2026-11-27", start: { kind: "date", date: "2026-11-24" } };
    const from = world([operation("now", "complete")], { task, series: { zone, anchor: `${TODAY}T09:00` } });
    expect(open(from)[0]).toMatchObject({
      due: { kind: "zoned", date: "2026-11-26", time: "09:00", zone },
      deadline: "2026-11-28",
      start: { kind: "date", date: "2026-11-25" },
    });
  });

  it("counts from the day it was done, where it counts so, by the days of the person", () => {
    const series = { rule: "FREQ=DAILY;INTERVAL=3", mode: "completion", catch_up: "one" };
    expect(dates(world([operation("now", "complete")], { series }))).toEqual(["2026-11-28"]);
    const earlier = operation("now", "complete", { on: "2026-11-24" });
    expect(dates(world([earlier], { series }))).toEqual(["2026-11-27"]);
    const late = { zone: "Pacific/Kiritimati", dayStart: 0 };
    expect(dates(world([operation("now", "complete")], { series, person: late }))).toEqual(["2026-11-29"]);
    expect(dates(world([operation("now", "complete")], { series, person: BERLIN }))).toEqual(["2026-11-28"]);
  });

  it("is the next one that is not there yet, and none after the last", () => {
    const done = { id: "then", slot: "2026-11-26", state: "done", completed_at: "x" };
    expect(dates(world([operation("now", "complete")], { more: [done] }))).toEqual(["2026-11-27"]);
    const waits = { id: "then", slot: "2026-11-26", state: "todo", due: { kind: "date", date: "2026-11-26" } };
    expect(dates(world([operation("now", "skip")], { more: [waits] }))).toEqual(["2026-11-26"]);
    const series = { rule: "FREQ=DAILY;COUNT=1" };
    const ended = world([operation("now", "complete")], { series });
    expect(dates(ended)).toEqual([]);
    expect(ended.find("task", "now")!.awaits_next).toBe(false);
    const skipped = world([operation("now", "skip")], { series });
    expect(dates(skipped)).toEqual(["2026-11-26"]);
  });

  it("is open for each missed date where these stay", () => {
    const series = { catch_up: "all", anchor: "2026-11-23" };
    const task = { due: { kind: "date", date: "2026-11-23" }, slot: "2026-11-23" };
    const from = world([operation("now", "complete")], { series, task });
    expect(dates(from)).toEqual(["2026-11-24", "2026-11-25"]);
  });

  it("is left to the server where this device does not know the rule", () => {
    for (const more of [{ series: { rule: "FREQ=HOURLY;INTERVAL=8" } }, { task: { series_id: "unknown" } }])
      expect(world([operation("now", "complete")], more).find("task", "now")!.awaits_next).toBe(true);
  });

  it("stands in the calendar once, as a task", () => {
    const foreseen = { series_id: SERIES, slot: "2026-11-26", title: "Water" };
    const data = { days: [{ date: "2026-11-26", occurrences: [foreseen] }] };
    const ask = (operations: Queued[]): Calendar => {
      const answer = { entity: "answer", id: "/calendar", row: { id: "/calendar", data, at: 0 } };
      const known = world(operations);
      const rows = (["series", "task"] as const).flatMap((entity) =>
        known.all(entity).map((row) => ({ entity, id: row.id, row: { ...row } })),
      );
      const asked = { world: new World([...rows, answer], []), me: ME, query: { from: TODAY }, now: NOW };
      return answerTo("/calendar", asked) as Calendar;
    };
    const tomorrow = (operations: Queued[]) => ask(operations).days[1]!;
    expect(tomorrow([])).toMatchObject({ occurrences: [foreseen], tasks: [] });
    expect(tomorrow([operation("now", "complete")])).toMatchObject({ occurrences: [], tasks: [{ title: "Water" }] });
  });
});
