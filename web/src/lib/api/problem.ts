import type { FilterProblem, UndoConflict } from "./types";

/** What the server (or the network) refused, in words for the user. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly detail: string,
    readonly fields: { pointer: string; detail: string }[] = [],
    readonly conflicts: UndoConflict[] = [],
    /** What is wrong with a filter, and where. */
    readonly filter: FilterProblem | null = null,
  ) {
    super(detail);
    this.name = "Problem";
  }

  /** The message for one input, by the last part of its JSON pointer. */
  field(name: string): string | undefined {
    return this.fields.find((field) => field.pointer.split("/").pop() === name)?.detail;
  }
}

const UNREACHABLE = "SelfOS could not be reached. Check the connection and try again.";
const NOT_CHANGED = "This needs a connection, and SelfOS could not be reached. Nothing was changed.";
const UNEXPECTED = "Something went wrong on the server. Nothing was lost; please try again.";

export function unreachable(method: string): Problem {
  return new Problem(0, method === "GET" ? UNREACHABLE : NOT_CHANGED);
}

/** Reads a problem+json answer; any other body becomes a plain sentence. */
export async function readProblem(response: Response): Promise<Problem> {
  const body = await response.json().catch(() => ({}));
  return new Problem(
    response.status,
    typeof body.detail === "string" ? body.detail : (body.title ?? UNEXPECTED),
    Array.isArray(body.errors) ? body.errors : [],
    Array.isArray(body.conflicts) ? body.conflicts : [],
    body.filter ?? null,
  );
}

export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem(-1, error instanceof Error ? error.message : UNEXPECTED);
}
