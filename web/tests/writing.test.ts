import { describe, expect, it } from "vitest";
import { answered, callAt, meant } from "../src/lib/format/mentions";
import { readOutline, told, written } from "../src/lib/format/outline";
import type { TemplateTask } from "../src/lib/api/types";

describe("calling somebody", () => {
  it.each([
    ["@", "", 0],
    ["Ask @gr", "gr", 4],
    ["Ask @Grace Ho", "Grace Ho", 4],
    ["(@é", "é", 1],
  ])("is seen in %j", (text, said, at) => expect(callAt(text, text.length)).toEqual({ at, said }));

  it.each(["me@exa", "@@", "@Grace Hopper x", "@ Grace", "", "plain"])(
    "is not seen in %j",
    (text) => expect(callAt(text, text.length)).toBeNull(),
  );

  it("offers whose name or word begins so", () => {
    const people = [{ name: "Grace Hopper" }, { name: "Ada Lovelace" }, { name: "Gretel" }];
    expect(meant(people, "gr").map((each) => each.name)).toEqual(["Grace Hopper", "Gretel"]);
    expect(meant(people, "love").map((each) => each.name)).toEqual(["Ada Lovelace"]);
    expect(meant(people, "")).toHaveLength(3);
  });

  it("is written out where the caret is", () => {
    const text = "Ask @gr about it";
    const call = callAt(text, 7)!;
    expect(answered(text, call, 7, "Grace Hopper")).toEqual(["Ask @Grace Hopper about it", 18]);
  });
});

const line = (title: string, more: Partial<TemplateTask> = {}): TemplateTask => ({
  title,
  depth: 0,
  notes: "",
  priority: 4,
  start_day: null,
  due_day: null,
  due_time: null,
  deadline_day: null,
  duration_minutes: null,
  weight: 1,
  labels: [],
  phase: null,
  ...more,
});

describe("an outline", () => {
  const kept = [
    line("Pack", { due_day: 2, due_time: "09:30", labels: ["Trip"] }),
    line("Passport", { depth: 1, priority: 1 }),
    line("Leave", { due_day: -3 }),
  ];

  it("reads back what it writes", () => {
    expect(written(kept)).toBe("Pack +2\n  Passport\nLeave -3");
    expect(readOutline(written(kept), kept)).toEqual(kept);
  });

  it("keeps what a line said by its title, whatever its place", () => {
    const lines = readOutline("Leave\n\n  Pack +4\n      Socks", kept);
    expect(lines).toMatchObject([
      { title: "Leave", depth: 0, due_day: null },
      { title: "Pack", depth: 1, due_day: 4, due_time: "09:30", labels: ["Trip"] },
      { title: "Socks", depth: 2 },
    ]);
  });

  const repeat = { rule: "FREQ=DAILY", mode: "schedule" } as const;

  it("ties lines to where they stand now, and to none that is gone", () => {
    const tied = [
      line("Visa"),
      line("Flight", { ties: [{ line: 0, kind: "blocks" }] }),
      line("Hotel", {
        ties: [
          { line: 0, kind: "relates" },
          { line: 1, kind: "blocks" },
        ],
      }),
    ];
    expect(readOutline("Pay\nHotel\nFlight", tied).map((each) => each.ties)).toEqual([
      undefined,
      [{ line: 2, kind: "blocks" }],
      [],
    ]);
    expect(readOutline(written(tied), tied)).toEqual(tied);
    expect(told(tied)).toBe("Visa\nFlight · after “Visa”\nHotel · after “Flight”");
  });

  it("lets a line repeat while it has a day and stands by itself", () => {
    const repeating = [line("Feed", { due_day: 0, due_zone: "Asia/Tokyo", due_time: "09:00", repeat })];
    expect(readOutline("Feed +3", repeating)[0]).toMatchObject({ repeat, due_zone: "Asia/Tokyo" });
    expect(readOutline("Feed", repeating)[0]).toMatchObject({ repeat: null, due_zone: null });
    expect(readOutline("Cat\n  Feed +0", repeating)[1]).toMatchObject({ repeat: null });
    expect(told(repeating)).toBe("Feed +0 · repeats");
  });

  it("takes the time away with the day", () => {
    expect(readOutline("Pack", kept)[0]).toMatchObject({ due_day: null, due_time: null });
  });

  it("never skips a level nor begins below the first", () => {
    const depths = readOutline("    a\n        b\n  c\n\td\n          e").map((each) => each.depth);
    expect(depths).toEqual([0, 1, 1, 1, 2]);
  });
});
