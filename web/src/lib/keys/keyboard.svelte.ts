import { device } from "../state/appearance.svelte";
import { BINDINGS, type Command } from "./bindings";
import { isLetterKey, match, strokeName } from "./matching";

/** Handles a command; `false` passes it on to the handler registered before. */
type Handler = (event: KeyboardEvent) => void | false;

const SEQUENCE_MS = 1_500;
const handlers = new Map<Command, Handler[]>();

let pending = "";
let timer: ReturnType<typeof setTimeout> | undefined;

/** Listens while the component lives; the newest handler of a command goes first. */
export function useKeys(table: Partial<Record<Command, Handler>>): void {
  $effect(() => {
    const added = Object.entries(table) as [Command, Handler][];
    for (const [command, handler] of added) {
      handlers.set(command, [handler, ...(handlers.get(command) ?? [])]);
    }
    return () => {
      for (const [command, handler] of added) {
        handlers.set(
          command,
          (handlers.get(command) ?? []).filter((each) => each !== handler),
        );
      }
    };
  });
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.matches("textarea, select")) return true;
  return target.matches("input:not([type=checkbox], [type=radio], [type=button])");
}

/** True while an open dialog owns the keyboard; only its own keys count then. */
function inDialog(): boolean {
  return document.querySelector("dialog[open]") !== null;
}

export function onKeydown(event: KeyboardEvent): void {
  if (event.isComposing || event.keyCode === 229) return;
  const stroke = strokeName(event);
  const found = match(BINDINGS, pending, stroke);
  remember(found.kind === "prefix" && !isTyping(event.target) ? found.pending : "");
  if (found.kind !== "command") return;
  const { binding } = found;
  if (event.repeat && binding.command !== "next" && binding.command !== "previous") return;
  const opensPalette = binding.command === "palette";
  if (isTyping(event.target) && !opensPalette) return;
  if (inDialog() && !binding.command.startsWith("rate:")) return;
  if (isLetterKey(binding) && !device.letterKeys) return;
  for (const handler of handlers.get(binding.command) ?? []) {
    if (handler(event) === false) continue;
    event.preventDefault();
    return;
  }
}

function remember(keys: string): void {
  pending = keys;
  clearTimeout(timer);
  if (keys !== "") timer = setTimeout(() => (pending = ""), SEQUENCE_MS);
}
