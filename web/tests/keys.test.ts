import { describe, expect, it } from "vitest";
import { BINDINGS, keyCaps } from "../src/lib/keys/bindings";
import { isLetterKey, match, strokeName } from "../src/lib/keys/matching";
import { matchPath } from "../src/lib/state/routing";

const plain = { ctrlKey: false, metaKey: false, shiftKey: false, altKey: false };

describe("strokes", () => {
  it("are written as in the table", () => {
    expect(strokeName({ ...plain, key: "Q" })).toBe("q");
    expect(strokeName({ ...plain, key: "?", shiftKey: true })).toBe("?");
    expect(strokeName({ ...plain, key: "X", shiftKey: true })).toBe("Shift+x");
    expect(strokeName({ ...plain, key: "k", metaKey: true })).toBe("Mod+k");
    expect(strokeName({ ...plain, key: "Z", ctrlKey: true, shiftKey: true })).toBe("Mod+Shift+z");
  });

  it("have one meaning each", () => {
    const keys = BINDINGS.map((binding) => binding.keys);
    expect(new Set(keys).size).toBe(keys.length);
    const prefixes = keys.filter((key) => keys.some((other) => other.startsWith(`${key} `)));
    expect(prefixes).toEqual([]);
  });

  it("make a sequence, and start anew when it breaks", () => {
    expect(match(BINDINGS, "", "g")).toEqual({ kind: "prefix", pending: "g" });
    expect(match(BINDINGS, "g", "g")).toMatchObject({ binding: { command: "go:/goals" } });
    expect(match(BINDINGS, "g", "q")).toMatchObject({ binding: { command: "add" } });
    expect(match(BINDINGS, "", "w")).toEqual({ kind: "none" });
  });

  it("can be switched off unless they hold a modifier", () => {
    const letters = BINDINGS.filter(isLetterKey).map((binding) => binding.keys);
    expect(letters).toContain("q");
    expect(letters).not.toContain("Mod+k");
    expect(letters).not.toContain("Escape");
    expect(keyCaps("Mod+k", true)).toEqual(["⌘", "K"]);
  });
});

describe("addresses", () => {
  it("give their parameters", () => {
    expect(matchPath("/goals/:id", "/goals/7")).toEqual({ id: "7" });
    expect(matchPath("/goals/:id", "/goals")).toBeNull();
    expect(matchPath("/goals", "/goals/")).toEqual({});
  });
});
