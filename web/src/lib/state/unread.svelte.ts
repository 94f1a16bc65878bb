import { get, post } from "../api/client";
import type { UnreadTasks } from "../api/types";
import { session } from "./session.svelte";
import { toasts } from "./toasts.svelte";

/** The tasks that others touched since this person last opened them. */
class Unread {
  ids = $state.raw<ReadonlySet<string>>(new Set());
  count = $state(0);

  has(id: string): boolean {
    return this.ids.has(id);
  }

  /** Asks anew; who is alone in their workspace has nothing to ask for. */
  async refresh(): Promise<void> {
    if (session.me?.workspace.kind === "personal") return this.#take({ unread: 0, ids: [] });
    const found = await get<UnreadTasks>("/tasks/unread").catch(() => undefined);
    if (found) this.#take(found);
  }

  /** Somebody has opened a task; without the server it stays unread until they do so again. */
  async see(id: string): Promise<void> {
    if (!this.ids.has(id)) return;
    const answer = await post<UnreadTasks>(`/tasks/${id}/seen`).catch(() => undefined);
    if (answer) this.#take(answer.data);
  }

  async seeAll(q?: string): Promise<void> {
    try {
      this.#take((await post<UnreadTasks>("/tasks/seen", q === undefined ? {} : { q })).data);
    } catch (error) {
      toasts.fail(error);
    }
  }

  #take({ unread, ids }: UnreadTasks): void {
    this.count = unread;
    this.ids = new Set(ids);
  }
}

export const unread = new Unread();
