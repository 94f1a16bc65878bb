import type { TemplateTask } from "../api/types";

const INDENT = "  ";
const DEEPEST = 5;
const DAY = /\s([+-]\d{1,4})$/;

type Line = Partial<TemplateTask> & { title: string; depth: number };
type Ties = NonNullable<TemplateTask["ties"]>;

/** An outline as people write it: indented lines, each with the days after the start, if any. */
export function written(lines: readonly TemplateTask[]): string {
  return lines.map(writtenLine).join("\n");
}

/** The same with what cannot be written: which lines repeat, and which come after others. */
export function told(lines: readonly TemplateTask[]): string {
  return lines
    .map((line) => {
      const first = (line.ties ?? [])
        .filter((tie) => tie.kind === "blocks")
        .map((tie) => `“${lines[tie.line]?.title ?? ""}”`);
      const facts = [
        ...(line.repeat ? [line.repeat.phrase ?? "repeats"] : []),
        ...(first.length > 0 ? [`after ${first.join(" and ")}`] : []),
      ];
      return [writtenLine(line), ...facts].join(" · ");
    })
    .join("\n");
}

function writtenLine({ title, depth, due_day: day }: TemplateTask): string {
  const due = day === null ? "" : ` ${day < 0 ? "" : "+"}${day}`;
  return INDENT.repeat(depth) + title + due;
}

/** Reads an outline; what a line of the same title said before and cannot be written, stays. */
export function readOutline(text: string, before: readonly TemplateTask[] = []): Line[] {
  const known = before.map((line, place) => ({ line, place }));
  /** Where each line of before stands now. */
  const places = new Map<number, number>();
  const lines: Line[] = [];
  for (const raw of text.replaceAll("\t", INDENT).split("\n")) {
    if (raw.trim() === "") continue;
    const indent = raw.length - raw.trimStart().length;
    const deepest = lines.length === 0 ? 0 : Math.min(DEEPEST, lines.at(-1)!.depth + 1);
    const said = raw.trim();
    const day = DAY.exec(said);
    const title = day ? said.slice(0, day.index).trim() : said;
    const at = known.findIndex(({ line }) => line.title === title);
    const [found] = at === -1 ? [] : known.splice(at, 1);
    if (found) places.set(found.place, lines.length);
    const kept = found?.line;
    const due_day = day ? Number(day[1]) : null;
    const depth = Math.min(Math.floor(indent / INDENT.length), deepest);
    lines.push({ ...kept, title, depth, due_day, ...without(kept, due_day !== null, depth) });
  }
  for (const line of lines) if (line.ties) line.ties = moved(line.ties, places);
  return lines;
}

/** A line without a day has no time and repeats not; neither does one under another. */
function without(kept: TemplateTask | undefined, dated: boolean, depth: number): Partial<Line> {
  const time = { due_time: dated ? (kept?.due_time ?? null) : null };
  const zone = kept?.due_zone && !dated ? { due_zone: null } : {};
  const repeat = kept?.repeat && (!dated || depth > 0) ? { repeat: null } : {};
  return { ...time, ...zone, ...repeat };
}

/** Ties to where the lines stand now; those to lines that are gone go with them. */
function moved(ties: Ties, places: ReadonlyMap<number, number>): Ties {
  return ties.flatMap((tie) => {
    const line = places.get(tie.line);
    return line === undefined ? [] : [{ ...tie, line }];
  });
}
