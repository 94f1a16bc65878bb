import type { Nudge } from "../api/types";

/** What became of a nudge, in a word or two. */
export const BECAME: Record<Nudge["status"], string> = {
  open: "Not answered",
  dismissed: "Dismissed",
  put_off: "Put off",
  refused: "Less like this",
  proposed: "Became a plan",
  accepted: "Welcome",
};

/** The address of the form a nudge opens, filled in. */
export function opened(form: NonNullable<Nudge["opens"]>): string {
  const values = Object.entries(form.values).map(([name, value]) => [name, String(value)]);
  const query = new URLSearchParams([["new", ""], ...values] as [string, string][]);
  return `/${form.form}s?${query}`;
}
