import type { ConsentLevel, ToolGroup } from "../api/types";

export interface ConsentGroup {
  key: ToolGroup;
  name: string;
  of: string;
  levels: ConsentLevel[];
}

/** What an assistant can be allowed, and how far each goes. */
export const CONSENT_GROUPS: ConsentGroup[] = [
  {
    key: "overview",
    name: "Overview",
    of: "Profile, Today, calendar, and search through everything you have written",
    levels: ["read"],
  },
  { key: "tasks", name: "Tasks", of: "Find, add, change, complete, move", levels: all() },
  { key: "goals", name: "Goals", of: "Progress and paths, new goals, plans", levels: all() },
  { key: "projects", name: "Projects", of: "With their phases", levels: all() },
  { key: "areas", name: "Life areas", of: "Look at them, add some", levels: all() },
  { key: "habits", name: "Habits", of: "How they stand, and checking in", levels: all() },
  { key: "notes", name: "Notes", of: "Notes and comments; notes are added to", levels: all() },
  {
    key: "history",
    name: "History",
    of: "What was changed, and taking back what assistants did",
    levels: ["read", "act"],
  },
];

export const LEVEL_WORDS: Record<ConsentLevel, string> = {
  read: "Read",
  propose: "Read and propose",
  act: "Act without asking",
};

export type Consent = Partial<Record<ToolGroup, ConsentLevel>>;

/** The same for every group, as far as each goes. */
export function consentUpTo(level: ConsentLevel): Consent {
  return Object.fromEntries(
    CONSENT_GROUPS.map(({ key, levels }) => [key, levels.includes(level) ? level : "read"]),
  );
}

/** What was given, in a few words: "acts on tasks; proposes on goals; reads habits". */
export function consentInWords(consent: Consent): string {
  const parts = (["act", "propose", "read"] as const).map((level) => {
    const names = CONSENT_GROUPS.filter(({ key }) => consent[key] === level).map(({ name }) =>
      name.toLowerCase(),
    );
    if (names.length === 0) return "";
    const verb = { act: "acts on", propose: "proposes on", read: "reads" }[level];
    return `${verb} ${names.length === CONSENT_GROUPS.length ? "everything" : names.join(", ")}`;
  });
  return parts.filter(Boolean).join("; ");
}

/** How a program on the same computer starts the tools. */
export function desktopConfig(token: string): string {
  const server = { command: "selfos", args: ["mcp"], env: { SELFOS_MCP_TOKEN: token } };
  return JSON.stringify({ mcpServers: { selfos: server } }, null, 2);
}

/** How a program elsewhere reaches them. */
export function remoteConfig(token: string, origin: string): string {
  const headers = { Authorization: `Bearer ${token}` };
  const server = { type: "http", url: `${origin}/mcp`, headers };
  return JSON.stringify({ mcpServers: { selfos: server } }, null, 2);
}

function all(): ConsentLevel[] {
  return ["read", "propose", "act"];
}
