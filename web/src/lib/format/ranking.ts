/** Something the palette can do. */
export interface Choice {
  id: string;
  name: string;
  kind: string;
  run: () => void;
}

/** Letters without case and diacritics, so that "cafe" finds "Café". */
export function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** How well `name` answers `query`: 0 not at all, 4 from its beginning. */
export function score(name: string, query: string): number {
  const text = folded(name);
  if (query === "") return 1;
  if (text.startsWith(query)) return 4;
  if (text.includes(` ${query}`)) return 3;
  if (text.includes(query)) return 2;
  return query.split(" ").every((word) => text.includes(word)) ? 1 : 0;
}

/** The choices that match, best first, equals in their given order. */
export function ranked(choices: Choice[], query: string): Choice[] {
  const wanted = folded(query.trim());
  return choices
    .map((choice) => ({ choice, score: score(choice.name, wanted) }))
    .filter((each) => each.score > 0)
    .sort((a, b) => b.score - a.score)
    .map((each) => each.choice);
}
