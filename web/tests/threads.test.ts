import { describe, expect, it } from "vitest";
import { cut } from "../src/lib/api/streaming";
import type { ChatMessage } from "../src/lib/api/types";
import { branch, isSecondBest, rung, siblings, tip, whyNot } from "../src/lib/format/threads";

const message = (id: string, parent: string | null, more: Partial<ChatMessage> = {}): ChatMessage =>
  ({ id, parent_id: parent, role: "user", engine: null, model: null, ...more }) as ChatMessage;

describe("a conversation", () => {
  const tree = [message("a", null), message("b", "a"), message("c", "a"), message("d", "c")];

  it("shows the branch that ends at its head", () => {
    expect(branch(tree, "d").map((each) => each.id)).toEqual(["a", "c", "d"]);
    expect(branch(tree, null)).toEqual([]);
  });

  it("goes on from any message to what was said last", () => {
    expect(tip(tree, tree[0]!)).toBe("d");
    expect(tip(tree, tree[1]!)).toBe("b");
  });

  it("knows the other answers to the same message", () => {
    expect(siblings(tree, tree[2]!).map((each) => each.id)).toEqual(["b", "c"]);
  });

  it("says which rung has answered", () => {
    expect(rung(message("a", null, { engine: "rules" }))).toBe("built-in coach, no model");
  });

  it("says why a model that is connected has not answered", () => {
    const second = message("a", null, { engine: "rules", reason: "resting" });
    expect(rung(second)).toBe("built-in coach");
    expect(whyNot(second)).toBe("The model rests after failures.");
    expect(isSecondBest(second)).toBe(true);
    expect(isSecondBest(message("a", null, { engine: "rules", reason: "no_model" }))).toBe(false);
    expect(isSecondBest(message("a", null, { engine: "llm", reason: "resting" }))).toBe(false);
  });
});

describe("an answer that streams", () => {
  it("is cut into whole events, however it arrives", () => {
    const first = cut('event: delta\ndata: {"type":"delta","text":"a"}\n\nevent: del');
    expect(first.events).toEqual([{ type: "delta", text: "a" }]);
    expect(cut(`${first.rest}ta\ndata: {"type":"done"}\n\n`).events).toEqual([{ type: "done" }]);
  });
});
