import { asProblem } from "../api/problem";

export interface ToastAction {
  label: string;
  key?: string;
  run: () => void;
}

export interface Toast {
  id: number;
  message: string;
  tone: "plain" | "error";
  actions: ToastAction[];
}

const VISIBLE_MS = 8_000;

class Toasts {
  shown = $state<Toast[]>([]);
  #next = 1;
  #timers = new Map<number, ReturnType<typeof setTimeout>>();

  say(message: string, actions: ToastAction[] = [], tone: Toast["tone"] = "plain"): void {
    const toast = { id: this.#next++, message, tone, actions };
    // The newest word replaces the last one of its tone; an error is not pushed away by praise.
    this.shown = [...this.shown.filter((each) => each.tone !== tone), toast];
    this.resume(toast.id);
  }

  fail(error: unknown): void {
    this.say(asProblem(error).detail, [], "error");
  }

  close(id: number): void {
    this.pause(id);
    this.shown = this.shown.filter((toast) => toast.id !== id);
  }

  pause(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }

  resume(id: number): void {
    this.pause(id);
    this.#timers.set(
      id,
      setTimeout(() => this.close(id), VISIBLE_MS),
    );
  }

  clear(): void {
    for (const toast of this.shown) this.close(toast.id);
  }
}

export const toasts = new Toasts();
