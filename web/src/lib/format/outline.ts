import type { TemplateTask } from "../api/types";

const INDENT = "  ";
const DEEPEST = 5;
const DAY = /\s([+-]\d{1,4})$/;

type Line = Partial<TemplateTask> & { title: string; depth: number };

/** An outline as people write it: indented lines, each with the days after the start, if any. */
export function written(lines: readonly TemplateTask[]): string {
  return lines
    .map(({ title, depth, due_day: day }) => {
      const due = day === null ? "" : ` ${day < 0 ? "" : "+"}${day}`;
      return INDENT.repeat(depth) + title + due;
    })
    .join("\n");
}

/** Reads an outline; what a line of the same title said before and cannot be written, stays. */
export function readOutline(text: string, before: readonly TemplateTask[] = []): Line[] {
  const known = [...before];
  const lines: Line[] = [];
  for (const raw of text.replaceAll("\t", INDENT).split("\n")) {
    if (raw.trim() === "") continue;
    const indent = raw.length - raw.trimStart().length;
    const deepest = lines.length === 0 ? 0 : Math.min(DEEPEST, lines.at(-1)!.depth + 1);
    const said = raw.trim();
    const day = DAY.exec(said);
    const title = day ? said.slice(0, day.index).trim() : said;
    const at = known.findIndex((line) => line.title === title);
    const [kept] = at === -1 ? [] : known.splice(at, 1);
    const due_day = day ? Number(day[1]) : null;
    lines.push({
      ...kept,
      title,
      depth: Math.min(Math.floor(indent / INDENT.length), deepest),
      due_day,
      due_time: due_day === null ? null : (kept?.due_time ?? null),
    });
  }
  return lines;
}
