import { describe, expect, it } from "vitest";
import type { Calendar, CalendarEvent, EventOccurrence, Page, Today } from "../../src/lib/api/types";
import { answerTo } from "../../src/lib/offline/answers";
import { nextStamp } from "../../src/lib/offline/hlc";
import type { Draft } from "../../src/lib/offline/requests";
import { eventDrafts } from "../../src/lib/offline/rescheduling";
import { uuid5 } from "../../src/lib/offline/uuid5";
import type { Queued } from "../../src/lib/offline/wire";
import { World, type Stored } from "../../src/lib/offline/world";
import { DEVICE, ME } from "./fakes";

const NOW = new Date("2030-01-01T06:00:00Z");
const ID = "0192f000-0000-7000-8000-000000000001";
const PATH = "/calendar-events";

/** Asked in turn, as the pages do, with everything before on top. */
class Phone {
  readonly sent: Draft[] = [];
  #operations: Queued[] = [];
  constructor(private readonly stored: Stored[] = []) {}

  get world(): World {
    return new World(this.stored, this.#operations);
  }

  ask(method: string, path: string, body?: object): void {
    const drafts = eventDrafts(this.world, method, path, body)!;
    this.sent.push(...drafts);
    for (const draft of drafts) {
      const place = this.#operations.length;
      const hlc = nextStamp(null, NOW.getTime() + place, DEVICE);
      const queued = { id: `o${place}`, base: null, deed: "d", label: "", sent: false, refusal: null };
      this.#operations.push({ ...draft, ...queued, hlc });
    }
  }

  get<T>(path: string, query = {}): T {
    return answerTo(path, { world: this.world, me: ME, query, now: NOW }) as T;
  }

  plan(to = "2030-01-28"): string[] {
    const span = { from: "2030-01-01", to };
    const { items } = this.get<{ items: EventOccurrence[] }>(`${PATH}/occurrences`, span);
    return items.map(({ title, start }) => `${title} ${start.date.slice(8)} ${"time" in start ? start.time : "-"}`);
  }
}

const at = (date: string, time = "09:00") => ({ kind: "floating", date: `2030-01-${date}`, time });

function choir(more: object = {}): Phone {
  const phone = new Phone();
  const usual = { id: ID, title: "Choir", start: at("01"), end: at("01", "10:30") };
  phone.ask("POST", PATH, { ...usual, repeat: { rule: "FREQ=WEEKLY" }, ...more });
  return phone;
}

describe("appointments without a connection", () => {
  it("take place at once, in Today, in Upcoming and before each time of a reminder", () => {
    const phone = choir();
    expect(phone.plan()).toEqual(["Choir 01 09:00", "Choir 08 09:00", "Choir 15 09:00", "Choir 22 09:00"]);
    const [event] = phone.get<Today>("/today").events;
    expect(event).toMatchObject({
      id: uuid5(ID, "2030-01-01T09:00"), event_id: ID, slot: "2030-01-01T09:00",
      begins_at: "2030-01-01T08:00:00.000Z", ends_at: "2030-01-01T09:30:00.000Z", apart: false,
    });
    const { days } = phone.get<Calendar>("/calendar", { from: "2030-01-07" });
    expect(days.map((day) => day.events.length)).toEqual([0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0]);
    expect(phone.sent[0]).toMatchObject({ verb: "create", entity_id: ID });
  });

  it("are moved, left out and named one by one", () => {
    const phone = choir();
    phone.ask("PATCH", `${PATH}/${ID}`, { slot: "2030-01-08T09:00", scope: "this", start: at("09", "19:00"), end: at("09", "20:00"), title: "Concert" });
    phone.ask("DELETE", `${PATH}/${ID}?slot=2030-01-15T09%3A00&scope=this`);
    expect(phone.plan()).toEqual(["Choir 01 09:00", "Concert 09 19:00", "Choir 22 09:00"]);
    const own = uuid5(ID, "2030-01-08T09:00");
    expect(phone.get<CalendarEvent>(`${PATH}/${own}`)).toMatchObject({ series_id: ID, slot: "2030-01-08T09:00" });
    // All of it goes a day on: what was moved by itself stays, what was left out stays so.
    phone.ask("PATCH", `${PATH}/${ID}`, { slot: "2030-01-22T09:00", scope: "all", start: at("23"), end: at("23", "10:30"), location: "Hall" });
    expect(phone.sent.at(-1)!.fields).toEqual({ start: at("02"), end: at("02", "10:30"), location: "Hall" });
    expect(phone.plan()).toEqual(["Choir 02 09:00", "Concert 09 19:00", "Choir 23 09:00"]);
    phone.ask("DELETE", `${PATH}/${own}?scope=this`);
    expect(phone.plan()).toEqual(["Choir 02 09:00", "Choir 23 09:00"]);
    phone.ask("DELETE", `${PATH}/${ID}?slot=2030-01-02T09%3A00&scope=all`);
    expect(phone.plan()).toEqual([]);
    expect(phone.get<Page<CalendarEvent>>(PATH, { deleted: true }).items).toHaveLength(1);
    phone.ask("POST", `${PATH}/${ID}/restore`);
    expect(phone.plan()).toHaveLength(2);
  });

  it("go on differently from one on, and share a number of times", () => {
    const phone = choir({ repeat: { rule: "FREQ=WEEKLY;COUNT=4" } });
    phone.ask("PATCH", `${PATH}/${ID}`, { slot: "2030-01-15T09:00", scope: "following", start: at("16"), end: at("16", "10:30") });
    expect(phone.plan("2030-02-28")).toEqual(["Choir 01 09:00", "Choir 08 09:00", "Choir 16 09:00", "Choir 23 09:00"]);
    const rest = phone.sent.at(-1)!.fields.rest_id as string;
    expect(phone.get<CalendarEvent>(`${PATH}/${rest}`)).toMatchObject({
      continues_id: ID, repeat: { rule: "FREQ=WEEKLY;BYDAY=WE;COUNT=2" },
    });
    phone.ask("DELETE", `${PATH}/${rest}?slot=2030-01-23T09%3A00&scope=following`);
    expect(phone.plan("2030-02-28")).toHaveLength(3);
    // From the first one on is all of it.
    phone.ask("PATCH", `${PATH}/${ID}`, { slot: "2030-01-01T09:00", scope: "following", title: "Band" });
    expect(phone.plan("2030-02-28")[0]).toBe("Band 01 09:00");
    expect(phone.get<Page<CalendarEvent>>(PATH).items).toHaveLength(2);
  });

  it("last as long as they did, over midnight, whole days and zones", () => {
    const phone = new Phone();
    phone.ask("POST", PATH, { id: ID, title: "Shift", start: at("01", "22:00"), duration_minutes: 480 });
    const days = (): boolean[] =>
      phone.get<Calendar>("/calendar", { from: "2030-01-01", to: "2030-01-04" }).days.map((day) => day.events.length > 0);
    expect(days()).toEqual([true, true, false, false]);
    phone.ask("PATCH", `${PATH}/${ID}`, { start: { ...at("02", "22:00"), kind: "zoned", zone: "Asia/Tokyo" } });
    expect(phone.get<Today>("/today", { date: "2030-01-02" }).events[0]).toMatchObject({
      begins_at: "2030-01-02T13:00:00.000Z", ends_at: "2030-01-02T21:00:00.000Z",
    });
    phone.ask("PATCH", `${PATH}/${ID}`, { start: { kind: "date", date: "2030-01-01" }, end: { kind: "date", date: "2030-01-03" } });
    expect(days()).toEqual([true, true, true, false]);
    phone.ask("PATCH", `${PATH}/${ID}`, { status: "cancelled" });
    expect(days()).toEqual([false, false, false, false]);
  });
});
