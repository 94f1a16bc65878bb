/** What of the server's answers is kept, and under which name. */
import { matchPath } from "../state/routing";

export type Query = Record<string, string | number | boolean | null | undefined>;

/** What only the server can reckon: the last answer is kept, and shown while it is away. */
const REMEMBERED = [
  "/today",
  "/calendar",
  "/habits/today",
  "/filters/:id/sections",
  "/habits/:id/history",
  "/habits/:id/pauses",
  "/habit-pauses",
  "/goals/:id/path",
  "/preferences",
  "/proposals",
  "/proposals/:id",
  "/progress/achievements",
  "/progress/heatmap",
  "/progress/stats",
  "/reports",
  "/reports/:id",
  "/stories",
  "/stories/:id",
  "/members",
];
/** Days pass; of these only the last one is kept, whatever was asked. */
const OF_ONE_DAY = ["/today", "/calendar", "/habits/today"];

/** Under which name an answer is kept; null for one that is not. */
export function keptAs(path: string, query: Query): string | null {
  if (query.cursor || !REMEMBERED.some((pattern) => matchPath(pattern, path))) return null;
  if (OF_ONE_DAY.includes(path)) return path;
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  return [path, ...pairs.map((pair) => pair.join("=")).sort()].join(" ");
}
