import { describe, expect, it } from "vitest";
import type { FocusNow, FocusSession, Page } from "../../src/lib/api/types";
import { answerTo } from "../../src/lib/offline/answers";
import { nextStamp } from "../../src/lib/offline/hlc";
import { sessionDrafts } from "../../src/lib/offline/timers";
import type { Queued } from "../../src/lib/offline/wire";
import { World, type Stored } from "../../src/lib/offline/world";
import { DEVICE, ME, TASK } from "./fakes";

const PERSON = { zone: "Europe/Berlin", dayStart: 0 };
const at = (time: string): string => `2030-01-01T${time}:00.000Z`;
const TASKS: Stored[] = [{ entity: "task", id: "t", row: { ...TASK, id: "t", title: "Report", duration_minutes: 60 } }];

class Phone {
  #operations: Queued[] = [];
  constructor(private readonly stored: Stored[] = TASKS) {}

  get world(): World {
    return new World(this.stored, this.#operations, PERSON);
  }

  ask(time: string, method: string, path: string, body?: object): string {
    const [draft] = sessionDrafts(this.world, method, path, body, new Date(at(time)))!;
    const place = this.#operations.length;
    const queued = { id: `o${place}`, base: null, deed: "d", label: "", sent: false, refusal: null };
    const hlc = nextStamp(null, Date.parse(at(time)), DEVICE);
    this.#operations.push({ ...draft!, ...queued, hlc });
    return draft!.entity_id;
  }

  get<T>(path: string, query = {}, time = "23:30"): T {
    return answerTo(path, { world: this.world, me: ME, query, now: new Date(at(time)) }) as T;
  }

  spans(id: string): string[] {
    const row = this.get<FocusSession>(`/focus/${id}`);
    return row.stretches.map(({ start, end }) => `${start.slice(11, 16)}-${end?.slice(11, 16) ?? ""} ${row.state}`);
  }
}

describe("the timer without a connection", () => {
  it("starts, rests, goes on and stops by the clock of the device", () => {
    const phone = new Phone();
    const run = phone.ask("08:00", "POST", "/focus/start", { task_id: "t" });
    expect(phone.get<FocusNow>("/focus/now").session).toMatchObject({ id: run, state: "running", task_title: "Report" });
    phone.ask("08:20", "POST", "/focus/pause");
    expect(phone.spans(run)).toEqual(["08:00-08:20 paused"]);
    phone.ask("08:30", "POST", "/focus/resume");
    phone.ask("08:45", "POST", "/focus/stop");
    expect(phone.spans(run)).toEqual(["08:00-08:20 over", "08:30-08:45 over"]);
    expect(phone.get<FocusSession>(`/focus/${run}`)).toMatchObject({ seconds: 2_100, days: { "2030-01-01": 2_100 } });
    expect(phone.get("/insights/tasks/t/time")).toMatchObject({ recorded_minutes: 35, estimated_minutes: 60 });
    expect(phone.get<FocusNow>("/focus/now", {}, "09:00")).toMatchObject({ session: null, today_seconds: 2_100 });
    expect(() => phone.ask("09:00", "POST", "/focus/stop")).toThrow("No timer runs.");
  });

  it("is one: starting another ends the first, and a forgotten one counts four hours", () => {
    const phone = new Phone();
    const first = phone.ask("08:00", "POST", "/focus/start", {});
    const second = phone.ask("08:30", "POST", "/focus/start", { note: "Mail" });
    expect(phone.spans(first)).toEqual(["08:00-08:30 over"]);
    phone.ask("18:00", "POST", "/focus/stop");
    expect(phone.spans(second)).toEqual(["08:30-12:30 over"]);
    const later = { id: "s", started_at: at("20:00"), ended_at: null, cut: false, seconds: 0, days: {} };
    const stretches = [{ start: "2030-01-01T20:00:00+00:00", end: null }];
    const known = new Phone([{ entity: "focus_session", id: "s", row: { ...later, stretches, state: "running" } }]);
    const earlier = known.ask("19:00", "POST", "/focus/start", {});
    expect(known.spans(earlier)).toEqual(["19:00-20:00 over"]);
  });

  it("can be written down afterwards, corrected and deleted, also over midnight", () => {
    const phone = new Phone();
    const done = phone.ask("23:40", "POST", "/focus", { started_at: at("22:30"), ended_at: at("23:20"), note: "" });
    const { days } = phone.get<FocusSession>(`/focus/${done}`);
    expect(days).toEqual({ "2030-01-01": 1_800, "2030-01-02": 1_200 });
    phone.ask("23:41", "PATCH", `/focus/${done}`, { started_at: at("22:50"), note: "Talk" });
    expect(phone.get<Page<FocusSession>>("/focus", { day: "2030-01-02" }).items).toMatchObject([
      { note: "Talk", seconds: 1_800, started_at: at("22:50") },
    ]);
    const { items } = phone.get<{ items: { id: string }[] }>("/search", { q: "rep", kinds: "task", limit: 6 });
    phone.ask("23:41", "PATCH", `/focus/${done}`, { task_id: items[0]!.id, habit_id: null });
    expect(phone.get<FocusSession>(`/focus/${done}`).task_title).toBe("Report");
    expect(phone.get("/search", { q: "rep" })).toBeUndefined();
    phone.ask("23:42", "DELETE", `/focus/${done}`);
    expect(phone.get<Page<FocusSession>>("/focus").items).toEqual([]);
  });
});
