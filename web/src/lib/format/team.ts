import type { Chart, TeamTable } from "../api/types";

/** What can be looked at of a team, how each is cut, and which numbers are drawn together. */
export const TABLES = [
  { key: "work", name: "Done", draws: ["done"], units: ["week", "month"] },
  { key: "work", name: "On time", draws: ["on_time", "late"], units: ["week", "month"] },
  { key: "work", name: "Planned and kept", draws: ["planned", "kept"], units: ["week", "month"] },
  { key: "work", name: "Put off", draws: ["slipped"], units: ["week", "month"] },
  { key: "habits", name: "Habits", draws: ["days"], units: ["week", "month"] },
  { key: "areas", name: "Areas", draws: [], units: ["month"] },
  { key: "load", name: "Weeks to come", draws: ["planned"], units: ["week"] },
] as const;
export type TeamChoice = (typeof TABLES)[number];
export type TeamUnit = "week" | "month";
type Group = TeamTable["groups"][number];

/** One group's numbers as a chart; without names to draw, each series is one of its own. */
export function teamCharts(table: TeamTable, group: Group, draws: readonly string[]): Chart[] {
  const wanted = group.series.filter((each) => draws.length === 0 || draws.includes(each.key));
  const together = draws.length === 0 ? wanted.map((each) => [each]) : [wanted];
  return together
    .filter((series) => series.some(({ values }) => values.some((value) => value !== null)))
    .map((series) => ({
      chart: "done",
      title: series.map((each) => each.label).join(", "),
      measure: table.measure,
      by: table.by,
      points: table.points,
      sentence: `${group.label}: ${series.map((each) => each.label.toLowerCase()).join(", ")}.`,
      series: series.map((each) => ({
        key: each.key,
        label: each.label,
        values: each.values,
        previous: each.values.map(() => null),
        total: null,
        previous_total: null,
      })),
    }));
}
