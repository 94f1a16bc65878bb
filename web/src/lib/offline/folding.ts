/** Words as the server's search compares them: small letters, no marks, no signs. */

const SPELLED: [RegExp, string][] = [
  [/ß/g, "ss"],
  [/æ/g, "ae"],
  [/œ/g, "oe"],
  [/þ/g, "th"],
];
const [REPLACED, REPLACEMENTS] = ["øłđðħıŋς", "olddhinσ"];
const MARKS = /[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+/g;
const SIGNS = /[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f\u3000-\u303f\s]+/;

export function plain(text: string): string {
  let small = text.normalize("NFKD").replace(MARKS, "").toLowerCase();
  for (const [letter, letters] of SPELLED) small = small.replace(letter, letters);
  return small.replace(/[øłđðħıŋς]/g, (letter) => REPLACEMENTS[REPLACED.indexOf(letter)]!);
}

export function tokens(text: string): string[] {
  return plain(text).split(SIGNS).filter(Boolean);
}

/** Whether every word of `sought` begins some word of the texts. */
export function hasWords(texts: readonly string[], sought: string): boolean {
  const there = texts.flatMap(tokens);
  return tokens(sought).every((word) => there.some((each) => each.startsWith(word)));
}

/** Whether these words stand side by side in one of the texts. */
export function hasPhrase(texts: readonly string[], sought: string): boolean {
  const wanted = ` ${tokens(sought).join(" ")} `;
  return texts.some((text) => ` ${tokens(text).join(" ")} `.includes(wanted));
}

/** Whether something is called so; `*` stands for anything. */
export function isCalled(name: string, wanted: string): boolean {
  const parts = plain(wanted).split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "s").test(plain(name));
}
