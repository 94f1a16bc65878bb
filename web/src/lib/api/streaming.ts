import { address } from "./client";
import { readProblem, unreachable } from "./problem";

/** One event of an answer while it comes; `done` and `error` are the last. */
export interface Said {
  type: "start" | "delta" | "reset" | "tool" | "usage" | "done" | "error";
  [name: string]: unknown;
}

/** Cuts a text of server-sent events into those that are whole, and the rest. */
export function cut(text: string): { events: Said[]; rest: string } {
  const blocks = text.split("\n\n");
  const rest = blocks.pop() ?? "";
  const events = blocks.flatMap((block) =>
    block
      .split("\n")
      .filter((line) => line.startsWith("data: "))
      .map((line) => JSON.parse(line.slice(6)) as Said),
  );
  return { events, rest };
}

/** Sends a request and hears its answer event by event; aborting it stops the answer. */
export async function listen(
  path: string,
  body: unknown,
  signal: AbortSignal,
  hear: (said: Said) => void,
): Promise<void> {
  const response = await fetch(address(path), {
    method: "POST",
    credentials: "same-origin",
    headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
    body: JSON.stringify(body),
    signal,
  }).catch((error: unknown) => {
    if (signal.aborted) throw error;
    throw unreachable("POST");
  });
  if (!response.ok || !response.body) throw await readProblem(response);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const found = cut(rest + value);
    rest = found.rest;
    found.events.forEach(hear);
  }
}
