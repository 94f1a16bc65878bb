import { list } from "../api/client";
import type { Member } from "../api/types";
import { useResource, type Resource } from "./resource.svelte";
import { session } from "./session.svelte";

/** Everybody in this workspace; in a personal one there is nobody to ask for. */
export function useMembers(): Resource<Member[]> {
  return useResource("members", () =>
    session.me?.workspace.kind === "personal" ? Promise.resolve([]) : list<Member>("/members"),
  );
}
