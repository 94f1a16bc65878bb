import { address } from "./client";
import { readProblem, unreachable } from "./problem";

const NAME = /filename="([^"]+)"/;

/**
 * Asks the server for a file and hands it to the browser to keep. A refusal is a Problem as
 * everywhere, where a plain link would have saved its words as if they were the file.
 */
export async function save(
  path: string,
  query: Record<string, string>,
  otherwise: string,
): Promise<void> {
  const response = await fetch(address(path, query), { credentials: "same-origin" }).catch(
    () => undefined,
  );
  if (response === undefined) throw unreachable("GET");
  if (!response.ok) throw await readProblem(response);
  const name = NAME.exec(response.headers.get("Content-Disposition") ?? "")?.[1] ?? otherwise;
  keep(await response.blob(), name);
}

/** Lets the browser keep some bytes under a name. */
export function keep(bytes: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(bytes);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
