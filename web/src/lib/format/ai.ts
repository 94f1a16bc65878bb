import type { AiCall, AiStatus, AiTask, Budget, Dial, Outcome, UsageRow } from "../api/types";
import { money } from "./money";
import { addDays } from "./when";
import { count } from "./words";

export const TASKS: Record<AiTask, string> = {
  decompose: "Plans of goals",
  coach: "Coach",
  story: "Stories",
  summarise: "Names of conversations",
  quick_add: "Quick add",
  classify: "Reading messages",
  embed: "Finding by meaning",
  moderate: "Checking texts",
};

export const OUTCOMES: Record<Outcome, string> = {
  ok: "answered",
  cached: "from the cache",
  misconfigured: "set up wrongly",
  rejected: "would not take it",
  rate_limited: "asked too often",
  transient: "failed for the moment",
  timeout: "too slow",
  overflow: "too long for it",
  refused: "refused",
  invalid: "could not be used",
  cancelled: "stopped",
};

export const DIALS: readonly { key: Dial; name: string; means: string }[] = [
  { key: "any", name: "Any model", means: "Words may go to every model the operator connected." },
  {
    key: "local_only",
    name: "Local only",
    means: "Only to models on hardware of the operator's own; else the built-in rules answer.",
  },
  { key: "rules_only", name: "Rules only", means: "To no model at all. The rules answer, here." },
];

export const dialName = (dial: Dial): string =>
  DIALS.find((each) => each.key === dial)?.name ?? dial;

const ORDER: Dial[] = ["any", "local_only", "rules_only"];

/** What holds for an area: the stricter of its own dial and the workspace's. */
export function strictest(one: Dial, other: Dial): Dial {
  return ORDER[Math.max(ORDER.indexOf(one), ORDER.indexOf(other))]!;
}

const ENGINES: Record<string, string> = {
  rules: "the built-in rules",
  "local-llm": "a model on hardware of your own",
  llm: "a model elsewhere",
  client: "an assistant from outside",
};

export const engineName = (engine: string): string => ENGINES[engine] ?? engine;

export const BUDGETS: Record<Budget["scope"], { name: string; of: string }> = {
  user_day: { name: "You, today", of: "in all workspaces" },
  user_month: { name: "You, this month", of: "in all workspaces" },
  workspace_month: { name: "This workspace, this month", of: "everybody in it" },
  instance_month: { name: "The whole instance, this month", of: "only you as its operator see this" },
};

/** Which field of a change of limits a budget is. */
export const limitField = (scope: Budget["scope"]): string => `${scope}_micros`;

/** What is left of a budget; null where nothing limits it. */
export function left(budget: Budget): number | null {
  if (budget.limit_micros === null) return null;
  return Math.max(0, budget.limit_micros - budget.spent_micros - budget.reserved_micros);
}

export type Measure = "cost" | "tokens" | "calls";

export function measured(row: UsageRow, measure: Measure): number {
  if (measure === "cost") return row.cost_micros;
  return measure === "calls" ? row.calls : row.input_tokens + row.output_tokens;
}

const whole = new Intl.NumberFormat("en-GB");

export function amount(value: number | null | undefined): string {
  return value === null || value === undefined ? "not counted" : whole.format(value);
}

export function shownAs(value: number, measure: Measure): string {
  if (measure === "cost") return money(value);
  return value < 10_000 ? amount(value) : `${amount(Math.round(value / 1_000))} k`;
}

/** The cost of a row, with what could not be priced said beside it. */
export function costOf(row: UsageRow): string {
  if (row.unpriced === 0) return money(row.cost_micros);
  const unknown = `${count(row.unpriced, "call")} of unknown price`;
  return row.cost_micros === 0 ? unknown : `${money(row.cost_micros)} and ${unknown}`;
}

export function sum(rows: readonly UsageRow[]): UsageRow {
  const nothing: UsageRow = {
    key: "",
    calls: 0,
    failed: 0,
    cached: 0,
    input_tokens: 0,
    output_tokens: 0,
    cost_micros: 0,
    unpriced: 0,
  };
  return rows.reduce(
    (all, row) => ({
      key: "",
      calls: all.calls + row.calls,
      failed: all.failed + row.failed,
      cached: all.cached + row.cached,
      input_tokens: all.input_tokens + row.input_tokens,
      output_tokens: all.output_tokens + row.output_tokens,
      cost_micros: all.cost_micros + row.cost_micros,
      unpriced: all.unpriced + row.unpriced,
    }),
    nothing,
  );
}

/** A row for every day from the first to the last, also for those without a call. */
export function everyDay(rows: readonly UsageRow[], first: string, last: string): UsageRow[] {
  const known = new Map(rows.map((row) => [row.key, row]));
  const days: UsageRow[] = [];
  for (let day = first; day <= last; day = addDays(day, 1)) {
    days.push(known.get(day) ?? { ...sum([]), key: day });
  }
  return days;
}

/** What a usage row says about itself in a table, after its name. */
export function cells(row: UsageRow): string[] {
  return [
    costOf(row),
    amount(row.calls),
    amount(row.failed),
    amount(row.cached),
    amount(row.input_tokens),
    amount(row.output_tokens),
  ];
}

export const COLUMNS = ["Cost", "Calls", "Failed", "From the cache", "Tokens in", "Tokens out"];

/** Who is asked for a task, in words. */
export function chainWords(rungs: AiStatus["chains"][number]["rungs"]): string {
  const names = rungs.map(({ provider, model }) => `${provider}/${model}`);
  return [...names, "rules"].join(", then ");
}

/** The chains with tasks that ask the same models put together. */
export function chainsByModels(
  status: AiStatus,
): { tasks: string; rungs: AiStatus["chains"][number]["rungs"] }[] {
  const groups = new Map<string, { names: string[]; rungs: AiStatus["chains"][number]["rungs"] }>();
  for (const { task, rungs } of status.chains) {
    const key = chainWords(rungs);
    const group = groups.get(key) ?? { names: [], rungs };
    group.names.push(TASKS[task]);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ names, rungs }) => ({ tasks: names.join(", "), rungs }));
}

const STATES = { ready: "", resting: "resting after failures", misconfigured: "set up wrongly" };

/** Why a model is not asked just now and for how long; nothing while it is. */
export function standing(rung: AiStatus["chains"][number]["rungs"][number]): string {
  const why = STATES[rung.state];
  if (!why || rung.rests_seconds === 0) return why;
  const left =
    rung.rests_seconds < 60
      ? count(rung.rests_seconds, "second")
      : count(Math.ceil(rung.rests_seconds / 60), "minute");
  return `${why}; asked again in ${left}`;
}

/** Which tasks a kept answer serves in other words too, in a sentence; none where there are none. */
export function byMeaning({ by_meaning }: Pick<AiStatus, "by_meaning">): string {
  if (by_meaning.length === 0) return "";
  const names = by_meaning.map((task) => TASKS[task]).join(", ");
  return `Answered by meaning: ${names}. There a kept answer also serves the same question in other words, and says so.`;
}

const seconds = (ms: number): string =>
  ms < 1_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} s`;

export function took({ latency_ms, first_token_ms }: AiCall): string {
  const first = first_token_ms === null ? "" : `, first words after ${seconds(first_token_ms)}`;
  return seconds(latency_ms) + first;
}
