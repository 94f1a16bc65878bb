/** The journal from the rows of this device. */
import type { JournalEntry, MoodDays } from "../api/types";
import type { Query } from "./remembered";
import { by } from "./today";
import { grouped, type World } from "./world";

const DIGITS = 100;

/** Entries as the server lists them: the last day first, within it what was written last. */
export function entriesFor(world: World, query: Query): JournalEntry[] {
  const deleted = query.deleted === true || query.deleted === "true";
  return world
    .all("journal_entry")
    .filter((entry) => (entry.deleted_at !== null) === deleted)
    .filter((entry) => !query.day || entry.day === query.day)
    .filter((entry) => entry.day >= String(query.since ?? ""))
    .filter((entry) => !query.until || entry.day <= String(query.until))
    .sort((a, b) => by<JournalEntry>((entry) => entry.day, (entry) => entry.id)(b, a));
}

/** Each day with an entry, oldest first, with the means of what was said on it. */
export function moodDays(world: World, query: Query): MoodDays {
  const days = grouped(entriesFor(world, query).reverse(), (entry) => entry.day);
  return {
    items: [...days].map(([day, entries]) => ({
      day,
      mood: mean(entries.map((entry) => entry.mood)),
      energy: mean(entries.map((entry) => entry.energy)),
      entries: entries.length,
    })),
  };
}

function mean(values: (number | null)[]): number | null {
  const said = values.filter((value) => value !== null);
  if (said.length === 0) return null;
  const sum = said.reduce((total, value) => total + value, 0);
  return Math.round((sum / said.length) * DIGITS) / DIGITS;
}
