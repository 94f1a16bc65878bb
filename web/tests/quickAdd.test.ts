import { render } from "svelte/server";
import { describe, expect, it } from "vitest";
import type { Parsed, Span } from "../src/lib/api/types";
import { chips, chipText, passageOf, pieces, stillKept } from "../src/lib/format/passages";
import Understood from "../src/lib/ui/Understood.svelte";
import file from "../../tests/vectors/quick_add.json?raw";

interface Vector {
  text: string;
  expect: { kind: Parsed["kind"]; title: string; spans: [number, number, string][] };
}

const vectors = JSON.parse(file).vectors as Vector[];

/** The answer of the server to a vector, as far as pieces of the line go. */
function answer({ text, expect: expected }: Vector): Parsed {
  const signs = Array.from(text);
  const spans = expected.spans.map(([start, end, kind]) => {
    return { start, end, kind, text: signs.slice(start, end).join("") };
  });
  const { kind, title } = expected;
  return { kind, title, spans, warnings: [], preview: [], fields: {} } as unknown as Parsed;
}

function vector(text: string): Parsed {
  return answer(vectors.find((each) => each.text === text)!);
}

function shown(parsed: Parsed): string {
  const nothing = (): void => {};
  const props = {
    parsed,
    today: "2026-11-25",
    zone: "Europe/Berlin",
    onkeep: nothing,
    onpick: nothing,
    onproject: nothing,
  };
  return render(Understood, { props }).body;
}

describe("the pieces of a line", () => {
  it("put together are the line, in every vector", () => {
    for (const each of vectors) {
      const { spans } = answer(each);
      const found = pieces(each.text, spans);
      expect(found.map((piece) => piece.text).join("")).toBe(each.text);
      expect(found.filter((piece) => piece.span)).toHaveLength(spans.length);
    }
  });

  it("are counted in characters, not in halves of them", () => {
    const [party, when] = pieces("🎉 Party friday 8pm", vector("🎉 Party friday 8pm").spans);
    expect([party?.text, when?.text]).toEqual(["🎉 Party ", "friday 8pm"]);
  });
});

describe("chips", () => {
  it("show every understood piece that can be put back, in every vector", () => {
    for (const each of vectors) {
      const parsed = answer(each);
      const buttons = shown(parsed).match(/aria-label="Keep /g) ?? [];
      expect(buttons, each.text).toHaveLength(chips(parsed).length);
    }
  });

  it("show names without their signs, and what kind of thing it will be", () => {
    const stretch = vector("Stretch tomorrow 7am #health");
    expect(chips(stretch).map(chipText)).toEqual(["tomorrow 7am", "health"]);
    expect(chips(vector('Buy milk @"two words"')).map(chipText)).toEqual(["two words"]);
    expect(shown(vector("Run *3/week"))).toContain("Habit");
    expect(shown(stretch)).toContain("Stretch");
  });

  it("say what a habit asks for as its page does", () => {
    const run = vector("Run *3/week");
    const asked = { type: "yes_no", target: 1, unit: "", period: "week", rolling_days: null, times: 3 };
    expect(shown({ ...run, fields: { ...run.fields, habit: asked } } as Parsed)).toContain(
      "<span>3 times a week</span>",
    );
  });

  it("leave links where they are", () => {
    expect(chips(vector("Read https://example.com tomorrow")).map(chipText)).toEqual(["tomorrow"]);
  });
});

describe("pieces put back into the title", () => {
  const span: Span = { start: 9, end: 17, kind: "due", text: "tomorrow" };
  const kept = [{ start: span.start, text: span.text }];

  it("are found again when the line grows before them", () => {
    const [moved] = stillKept("📞 Call Sam tomorrow", kept);
    expect(passageOf(moved!)).toEqual({ start: 11, end: 19 });
  });

  it("are forgotten when they are edited", () => {
    expect(stillKept("Call Sam tomorow", kept)).toEqual([]);
  });
});
