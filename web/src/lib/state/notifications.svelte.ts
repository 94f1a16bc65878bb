import { get, post } from "../api/client";
import { toasts } from "./toasts.svelte";

export type Rest = "10m" | "1h" | "tonight" | "tomorrow" | "free";

/** How much somebody has not read, and a number that grows when that may be another. */
class Notifications {
  unread = $state(0);
  news = $state(0);

  /** The server says that something came, or was read elsewhere. */
  heard(): void {
    this.news += 1;
    void this.count();
  }

  async count(): Promise<void> {
    const found = await get<{ unread: number }>("/notifications/unread").catch(() => undefined);
    if (found) this.unread = found.unread;
  }

  read(id: string): Promise<void> {
    return this.#tell(`/notifications/${id}/read`);
  }

  readAll(): Promise<void> {
    return this.#tell("/notifications/read");
  }

  rest(id: string, rest: Rest): Promise<void> {
    return this.#tell(`/notifications/${id}/snooze`, { for: rest });
  }

  async #tell(path: string, body?: unknown): Promise<void> {
    try {
      await post(path, body);
      this.heard();
    } catch (error) {
      toasts.fail(error);
    }
  }
}

export const notifications = new Notifications();
