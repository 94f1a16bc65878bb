/** Pieces of a typed line. The server counts characters (code points), strings count halves. */
import type { Parsed, Span } from "../api/types";
import { obligation } from "./habits";

/** A piece that was put back into the title, remembered by what it says. */
export interface Kept {
  start: number;
  text: string;
}

export interface Passage {
  start: number;
  end: number;
}

/** A piece of the line: understood as something, or plain. */
export interface Piece {
  text: string;
  span?: Span;
}

const SIGNS = /^(?:[#@^~+*%>!]|\/\/)\s*/;
const QUOTES = /^"(.*)"$/;

/** Cuts a line at its understood pieces, which neither overlap nor reach beyond it. */
export function pieces(text: string, spans: Span[]): Piece[] {
  const signs = Array.from(text);
  const found: Piece[] = [];
  let last = 0;
  for (const span of spans) {
    if (span.start > last) found.push({ text: signs.slice(last, span.start).join("") });
    found.push({ text: signs.slice(span.start, span.end).join(""), span });
    last = span.end;
  }
  if (last < signs.length) found.push({ text: signs.slice(last).join("") });
  return found;
}

/** The kept pieces where they stand now; one that was edited is kept no longer. */
export function stillKept(text: string, kept: Kept[]): Kept[] {
  const signs = Array.from(text);
  return kept.flatMap((piece) => {
    const length = Array.from(piece.text).length;
    const at = (start: number): boolean =>
      start >= 0 && signs.slice(start, start + length).join("") === piece.text;
    for (let shift = 0; shift <= signs.length; shift += 1) {
      const start = [piece.start - shift, piece.start + shift].find(at);
      if (start !== undefined) return [{ ...piece, start }];
    }
    return [];
  });
}

export function passageOf(piece: Kept): Passage {
  return { start: piece.start, end: piece.start + Array.from(piece.text).length };
}

/** What a chip says: a name without its sign, anything else as it was typed. */
export function chipText(span: Span): string {
  return span.text.replace(SIGNS, "").replace(QUOTES, "$1") || span.text;
}

/** What the chip of a piece of a line says: what a habit asks for, in the words of its page. */
export function chipWords(span: Span, { fields }: Parsed): string {
  if (span.kind !== "habit" || !fields.habit) return chipText(span);
  const schedule = { kind: "quota" as const, times: fields.habit.times ?? 1 };
  return obligation({ ...fields.habit, schedule });
}

/** The understood pieces that can be put back, in their order; links stay where they are. */
export function chips(parsed: Parsed): Span[] {
  return parsed.spans.filter((span) => span.kind !== "link" && span.kind !== "kind");
}
