import { describe, expect, it } from "vitest";
import { parse, safeAddress, type Block, type Inline } from "../src/lib/format/markdown";

function inlines(nodes: Inline[]): Inline[] {
  return nodes.flatMap((node) => ["nodes" in node ? inlines(node.nodes) : [], node].flat());
}

function every(blocks: Block[]): Inline[] {
  return blocks.flatMap((block) => {
    switch (block.kind) {
      case "paragraph":
      case "heading":
        return inlines(block.nodes);
      case "quote":
        return every(block.blocks);
      case "list":
        return block.items.flatMap((item) => every(item.blocks));
      case "table":
        return [...block.head, ...block.rows.flat()].flatMap(inlines);
      default:
        return [];
    }
  });
}

const words = (text: string): string =>
  every(parse(text))
    .map((node) => ("text" in node ? node.text : ""))
    .join("");
const addresses = (text: string): string[] =>
  every(parse(text)).flatMap((node) => (node.kind === "link" ? [node.href] : []));

describe("Markdown", () => {
  it("reads what people write", () => {
    const blocks = parse(
      `# Head\n\nA **b** *c* ~~d~~ \`e\`\nnext\n\n- [x] done\n- [ ] open\n\n3. three\n\n> said
\n---\n\n\`\`\`\ncode\n\`\`\`\n\n| a | b |\n|---|---|\n| 1 | 2 |`,
    );
    expect(blocks.map((block) => block.kind)).toEqual(
      "heading paragraph list list quote rule code table".split(" "),
    );
    const kinds = every(blocks).map((node) => node.kind);
    for (const kind of ["strong", "em", "del", "code", "break"]) expect(kinds).toContain(kind);
    const boxes = blocks.flatMap((block) =>
      block.kind === "list" ? block.items.map((item) => item.checked) : [],
    );
    expect(boxes).toEqual([true, false, null]);
    expect(blocks.find((block) => block.kind === "list" && block.ordered)).toMatchObject({
      start: 3,
    });
  });

  it("finds addresses without brackets", () => {
    expect(addresses("see https://example.org/a?b=c or ada@example.org")).toEqual([
      "https://example.org/a?b=c",
      "mailto:ada@example.org",
    ]);
  });

  it("shows an image as a link to it", () => {
    expect(addresses("![A cat](https://example.org/cat.png)")).toEqual([
      "https://example.org/cat.png",
    ]);
    expect(words("![A cat](https://example.org/cat.png)")).toBe("A cat");
  });

  it("marks whom it calls, and nobody else", () => {
    const called = (text: string): string[] =>
      every(parse(text, ["Ada Lovelace", "Ada", "J. (Jo)"])).flatMap((node) =>
        node.kind === "mention" ? [node.text] : [],
      );
    expect(called("@Ada Lovelace, **@ada** and @J. (Jo)!")).toEqual([
      "@Ada Lovelace",
      "@ada",
      "@J. (Jo)",
    ]);
    expect(called("me@Ada @Adam `@Ada`")).toEqual([]);
  });
});

/** What is tried on those who show the words of others; the text must stay text. */
const ATTACKS = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "<svg/onload=alert(1)>",
  "hello <b onmouseover=alert(1)>there</b>",
  "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
  "<a href='javascript:alert(1)'>x</a>",
  "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
  "<style>@import 'https://evil.example/x.css'</style>",
  "<!-- --><script>alert(1)</script>",
  "[x](javascript:alert(1))",
  "[x](JaVaScRiPt:alert(1))",
  "[x](java\tscript:alert(1))",
  "[x](&#106;avascript:alert(1))",
  "[x](java&#115;cript:alert(1))",
  "[x]( javascript:alert(1))",
  "[x](\u0001javascript:alert(1))",
  "[x](<java\nscript:alert(1)>)",
  "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
  "[x](vbscript:msgbox(1))",
  "[x](file:///etc/passwd)",
  "[x](blob:https://example.org/1)",
  "[x](//evil.example/x)",
  "[x](/api/v1/tasks)",
  "[x][1]\n\n[1]: javascript:alert(1)",
  "![x](javascript:alert(1))",
  '![x](x" onerror="alert(1))',
  "<javascript:alert(1)>",
  "`<script>alert(1)</script>`",
  "```html\n<script>alert(1)</script>\n```",
  "| a |\n|---|\n| <img src=x onerror=alert(1)> |",
  '[x](https://example.org "onclick=alert(1)")',
];

describe("Markdown from others", () => {
  it.each(ATTACKS)("stays harmless: %j", (text) => {
    const blocks = parse(text);
    for (const href of every(blocks).flatMap((node) => (node.kind === "link" ? [node.href] : [])))
      expect(href).toMatch(/^(https?|mailto):/);
    const known = new Set(
      "paragraph heading code quote list table rule text mention strong em del link break".split(
        " ",
      ),
    );
    for (const node of [...blocks, ...every(blocks)]) expect(known).toContain(node.kind);
  });

  it("shows raw HTML as it was written", () => {
    expect(words("<b onclick=x>hello</b>")).toBe("<b onclick=x>hello</b>");
    expect(words("<div>\nblock\n</div>")).toContain("<div>");
  });

  it("gives up on a text nested beyond reason, and shows it", () => {
    const text = ">".repeat(5_000) + " deep";
    expect(parse(text)).toEqual([{ kind: "paragraph", nodes: [{ kind: "text", text }] }]);
  });

  it.each(["", " ", "\u0000", "\ud800", "[", "![", "](", "***", "|-", "- [x", "```"])(
    "reads any text: %j",
    (text) => expect(() => parse(text)).not.toThrow(),
  );
});

describe("addresses", () => {
  it.each([
    ["https://example.org", "https://example.org/"],
    ["mailto:ada@example.org", "mailto:ada@example.org"],
    ["javascript:alert(1)", null],
    ["\u0000javascript:alert(1)", null],
    ["/today", null],
    ["", null],
  ])("%j", (href, safe) => expect(safeAddress(href)).toBe(safe));
});
