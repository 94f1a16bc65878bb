import { post } from "../api/client";
import { newId } from "../api/ids";
import type { Template } from "../api/types";
import { change } from "./change";

/** Keeps the tasks of a task or project as a template; `path` is its address in the API. */
export async function saveAsTemplate(path: string, name: string): Promise<void> {
  const kept = post<Template>(`${path}/template`, { id: newId() });
  await change(kept, `Kept “${name}” as a template`);
}
