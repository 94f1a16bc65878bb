import type { ChatMessage } from "../api/types";

/** The branch that ends at a message, oldest first. */
export function branch(messages: readonly ChatMessage[], head: string | null): ChatMessage[] {
  const known = new Map(messages.map((message) => [message.id, message]));
  const found: ChatMessage[] = [];
  let at = head === null ? undefined : known.get(head);
  while (at && !found.includes(at)) {
    found.unshift(at);
    at = at.parent_id === null ? undefined : known.get(at.parent_id);
  }
  return found;
}

/** The last message of the branch that goes on from one, always by what was said last. */
export function tip(messages: readonly ChatMessage[], from: ChatMessage): string {
  const next = messages.filter((each) => each.parent_id === from.id);
  if (next.length === 0) return from.id;
  return tip(messages, next.reduce((last, each) => (each.id > last.id ? each : last)));
}

/** The other answers to the same message, in the order they came. */
export function siblings(messages: readonly ChatMessage[], of: ChatMessage): ChatMessage[] {
  return messages
    .filter((each) => each.parent_id === of.parent_id && each.role === of.role)
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

const RUNGS: Record<string, string> = {
  rules: "built-in coach, no model",
  "local-llm": "a model on this server",
  llm: "a model elsewhere",
};

/** Which rung has answered, for people. */
export function rung(message: ChatMessage): string {
  if (isSecondBest(message)) return "built-in coach";
  const name = RUNGS[message.engine ?? "rules"] ?? "an assistant";
  return message.model ? `${message.model}, ${name}` : name;
}

const REASONS: Record<string, string> = {
  no_model: "No model is connected.",
  switched_off: "Models are switched off in your preferences.",
  privacy: "These words may not leave.",
  budget: "The budget for models is used up.",
  resting: "The model rests after failures.",
  misconfigured: "The model is set up wrongly.",
  rejected: "The model would not take this question.",
  busy: "The model had too many other questions.",
  rate_limited: "The model wants fewer questions just now.",
  timeout: "The model did not answer in time.",
  too_long: "This is too long for the model.",
  refused: "The model refused.",
  invalid: "The model's answer could not be used.",
  unavailable: "The model could not be reached, or broke off.",
};

/** Whether rules answered although a model is connected. */
export function isSecondBest(message: ChatMessage): boolean {
  return message.engine === "rules" && (message.reason ?? "no_model") !== "no_model";
}

/** Why it was not a better rung. */
export function whyNot(message: ChatMessage): string {
  return message.reason ? (REASONS[message.reason] ?? "") : "";
}

/** The words of a message. */
export function spoken(message: ChatMessage): string {
  return message.parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n\n");
}
