/** "1 task", "3 tasks"; an irregular plural may be given. */
export function count(amount: number, singular: string, plural = `${singular}s`): string {
  return `${amount} ${amount === 1 ? singular : plural}`;
}

/** 45 -> "45 min", 90 -> "1 h 30", 120 -> "2 h". */
export function minutes(amount: number): string {
  const hours = Math.floor(amount / 60);
  const rest = amount % 60;
  if (hours === 0) return `${rest} min`;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest}`;
}

/** Minutes from "90", "90 min", "1h30", "1.5 h"; null for nothing, undefined when unreadable. */
export function parseMinutes(text: string): number | null | undefined {
  const clean = text.trim().toLowerCase();
  if (clean === "") return null;
  const plain = /^(\d+)\s*(m|min|minutes?)?$/.exec(clean);
  if (plain) return Number(plain[1]);
  const hours = /^(\d+(?:[.,]\d+)?)\s*h(?:ours?)?\s*(?:(\d+)\s*(?:m|min)?)?$/.exec(clean);
  if (!hours) return undefined;
  return Math.round(Number(hours[1]!.replace(",", ".")) * 60) + Number(hours[2] ?? 0);
}

/** 0.583 -> "58 %"; nothing to measure -> "–". */
export function percent(share: number | null | undefined): string {
  return share === null || share === undefined ? "–" : `${Math.round(share * 100)} %`;
}

const SMALL = ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"];

/** "Three things", for sentences that begin with a small number. */
export function spelled(amount: number): string {
  return SMALL[amount] ?? String(amount);
}

/** The text with one full stop at its end. */
export function asSentence(text: string): string {
  return /[.!?…]$/.test(text) || text === "" ? text : `${text}.`;
}

export function sentence(text: string): string {
  return text === "" ? text : text[0]!.toUpperCase() + text.slice(1);
}

/** Parts of a line that are there; the dot between them never begins the next one. */
export function dotted(parts: readonly (string | false | null | undefined)[]): string {
  return parts.filter(Boolean).join("\u00a0· ");
}

/** What is called otherwise than its rows are. */
const CALLED: Record<string, string> = { calendar_event: "an appointment" };

/** "a focus session", for a kind of rows. */
export function aThing(entity: string): string {
  return CALLED[entity] ?? `a ${entity.replaceAll("_", " ")}`;
}
