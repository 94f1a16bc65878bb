/** A name being written behind an @: where the @ stands, and what follows it so far. */
export interface Call {
  at: number;
  said: string;
}

const LONGEST = 60;
/** An @ after no letter, then nothing, a word, or a word and the next one. */
const CALLING =
  /(?<![\p{L}\p{N}_@])@((?:[\p{L}\p{N}_.'’-]+(?: [\p{L}\p{N}_.'’-]*)?)?)$/u;

/** The call that ends at the caret, if somebody is being called there. */
export function callAt(text: string, caret: number): Call | null {
  const before = text.slice(Math.max(0, caret - LONGEST), caret);
  const found = CALLING.exec(before);
  return found ? { at: caret - found[0].length, said: found[1]! } : null;
}

/** Those whose name, or a word of it, begins so. */
export function meant<T extends { name: string }>(people: readonly T[], said: string): T[] {
  const wanted = said.toLocaleLowerCase();
  return people.filter(({ name }) => {
    const known = name.toLocaleLowerCase();
    return known.startsWith(wanted) || known.split(" ").some((word) => word.startsWith(wanted));
  });
}

/** The text with the call written out, and where the caret goes then. */
export function answered(text: string, call: Call, caret: number, name: string): [string, number] {
  const written = `${text.slice(0, call.at)}@${name} `;
  return [written + text.slice(caret).replace(/^ /, ""), written.length];
}
