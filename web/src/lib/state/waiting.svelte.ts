import { get } from "../api/client";
import type { Page, Proposal } from "../api/types";
import { useResource, type Resource } from "./resource.svelte";

export type Waiting = Pick<Proposal, "id" | "kind" | "title">;

/** What assistants from outside have proposed and nobody has decided on; often nothing. */
export function useWaiting(): Resource<Waiting[]> {
  return useResource("proposals:waiting", async () => {
    const query = { status: "open", fields: "kind,title" };
    const { items } = await get<Page<Waiting>>("/proposals", query);
    return items.filter((proposal) => proposal.kind === "changes");
  });
}
