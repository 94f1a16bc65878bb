import { session } from "./session.svelte";

/** Whether this person may do something in this workspace, such as "note:write". */
export function may(permission: string): boolean {
  return session.me?.permissions.some((each) => each === permission) ?? false;
}
