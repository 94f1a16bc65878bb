import { Lexer, type MarkedToken, type Token, type Tokens } from "marked";

/**
 * Markdown as a tree of what may be shown, and nothing else: raw HTML stays text, an image is a
 * link to it, and a link leads to the web or to a mailbox.
 */
export type Inline =
  | { kind: "text"; text: string }
  | { kind: "code"; text: string }
  | { kind: "mention"; text: string }
  | { kind: "strong" | "em" | "del"; nodes: Inline[] }
  | { kind: "link"; href: string; nodes: Inline[] }
  | { kind: "break" };

export interface Item {
  /** Whether its box is ticked; null for an item without a box. */
  checked: boolean | null;
  blocks: Block[];
}

export type Block =
  | { kind: "paragraph"; nodes: Inline[] }
  | { kind: "heading"; level: number; nodes: Inline[] }
  | { kind: "code"; text: string }
  | { kind: "quote"; blocks: Block[] }
  | { kind: "list"; ordered: boolean; start: number; items: Item[] }
  | { kind: "table"; head: Inline[][]; rows: Inline[][][] }
  | { kind: "rule" };

const SAFE = new Set(["http:", "https:", "mailto:"]);
/** Deeper than anybody writes; beyond it a text is shown as it was written. */
const DEEPEST = 20;

/** Reads a text; `names` are the people whom `@name` calls. Never throws. */
export function parse(text: string, names: readonly string[] = []): Block[] {
  try {
    return new Reader(names).blocks(new Lexer({ gfm: true, breaks: true }).lex(text));
  } catch {
    return [{ kind: "paragraph", nodes: [{ kind: "text", text }] }];
  }
}

/** The address of a link, if it is one that may be followed. */
export function safeAddress(href: string): string | null {
  try {
    const url = new URL(href);
    return SAFE.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

class Reader {
  readonly #call: RegExp | null;
  #depth = 0;

  constructor(names: readonly string[]) {
    const said = [...new Set(names)].filter(Boolean).sort((a, b) => b.length - a.length);
    const any = said.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");
    const call = `(?<![\\p{L}\\p{N}_@])@(?:${any})(?![\\p{L}\\p{N}_])`;
    this.#call = any ? new RegExp(call, "giu") : null;
  }

  blocks(tokens: Token[]): Block[] {
    if (++this.#depth > DEEPEST) throw new RangeError("nested too deep");
    const blocks = (tokens as MarkedToken[]).flatMap((token) => this.#block(token));
    this.#depth -= 1;
    return blocks;
  }

  #block(token: MarkedToken): Block[] {
    switch (token.type) {
      case "space":
      case "def":
      case "checkbox":
        return [];
      case "hr":
        return [{ kind: "rule" }];
      case "code":
        return [{ kind: "code", text: token.text }];
      case "heading":
        return [{ kind: "heading", level: token.depth, nodes: this.#inlines(token.tokens) }];
      case "blockquote":
        return [{ kind: "quote", blocks: this.blocks(token.tokens) }];
      case "list":
        return [this.#list(token)];
      case "table":
        return [this.#table(token)];
      case "paragraph":
        return [{ kind: "paragraph", nodes: this.#inlines(token.tokens) }];
      case "text":
        return [{ kind: "paragraph", nodes: this.#inlines(token.tokens ?? [token]) }];
      default:
        return [{ kind: "paragraph", nodes: this.#text(token.raw.trim()) }];
    }
  }

  #list(token: Tokens.List): Block {
    const items = token.items.map((item) => ({
      checked: item.task ? item.checked === true : null,
      blocks: this.blocks(item.tokens),
    }));
    return { kind: "list", ordered: token.ordered, start: Number(token.start) || 1, items };
  }

  #table(token: Tokens.Table): Block {
    const cells = (row: Tokens.TableCell[]): Inline[][] =>
      row.map((cell) => this.#inlines(cell.tokens));
    return { kind: "table", head: cells(token.header), rows: token.rows.map(cells) };
  }

  #inlines(tokens: Token[]): Inline[] {
    if (++this.#depth > DEEPEST) throw new RangeError("nested too deep");
    const nodes = (tokens as MarkedToken[]).flatMap((token) => this.#inline(token));
    this.#depth -= 1;
    return nodes;
  }

  #inline(token: MarkedToken): Inline[] {
    switch (token.type) {
      case "br":
        return [{ kind: "break" }];
      case "checkbox":
        return [];
      case "codespan":
        return [{ kind: "code", text: token.text }];
      case "strong":
      case "em":
      case "del":
        return [{ kind: token.type, nodes: this.#inlines(token.tokens) }];
      case "link":
        return this.#link(token.href, this.#inlines(token.tokens));
      case "image":
        return this.#link(token.href, [{ kind: "text", text: token.text || token.href }]);
      case "escape":
        return [{ kind: "text", text: token.text }];
      case "text":
        return token.tokens ? this.#inlines(token.tokens) : this.#text(token.text);
      default:
        return this.#text(token.raw);
    }
  }

  #link(address: string, nodes: Inline[]): Inline[] {
    const href = safeAddress(address);
    return href === null ? nodes : [{ kind: "link", href, nodes }];
  }

  #text(text: string): Inline[] {
    if (!this.#call) return text === "" ? [] : [{ kind: "text", text }];
    const nodes: Inline[] = [];
    let end = 0;
    for (const call of text.matchAll(this.#call)) {
      if (call.index > end) nodes.push({ kind: "text", text: text.slice(end, call.index) });
      nodes.push({ kind: "mention", text: call[0] });
      end = call.index + call[0].length;
    }
    if (end < text.length) nodes.push({ kind: "text", text: text.slice(end) });
    return nodes;
  }
}
