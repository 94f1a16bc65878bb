import { describe, expect, it } from "vitest";

import { deed, details, type Names } from "../src/lib/format/deeds";

const names: Names = {
  today: "2027-05-20",
  zone: "Europe/Berlin",
  named: (field, id) => (field === "goal_id" && id === "g" ? "Swim a mile" : undefined),
};

describe("what a proposal would do", () => {
  it("is said in words", () => {
    expect(deed({ op: "complete", entity: "task" })).toBe("Completes the task");
    expect(deed({ op: "create", entity: "project" })).toBe("New project");
  });

  it("names what fields point to, and says days, lengths and nothing in words", () => {
    const fields = {
      title: "Practise",
      due: { kind: "floating", date: "2027-05-20", time: "09:30" } as const,
      goal_id: "g",
      project_id: "p",
      duration_minutes: 30,
      deadline: "2027-05-23",
      notes: null,
      labels_add: ["pool", "early"],
      start: { kind: "date", date: "2027-05-21" },
    };
    expect(details(fields, names)).toEqual([
      ["Due", "09:30"],
      ["Goal", "Swim a mile"],
      ["Project", "something new"],
      ["Deadline", "23 May"],
      ["Notes", "none"],
      ["Labels add", "pool, early"],
      ["Start", "tomorrow"],
    ]);
  });
});
