import { API } from "../api/client";
import { offline } from "../offline/offline.svelte";
import { lookForUpdate } from "../offline/program";
import { notifications } from "./notifications.svelte";
import { revision } from "./revision.svelte";
import { session } from "./session.svelte";
import { unread } from "./unread.svelte";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
const SILENCE_MS = 60_000;
/** "Policy violation": the server closes with it when the session is no longer good. */
const REFUSED = 1008;

/** The socket that says "the cursor moved"; pages then read again what they show. */
class Live {
  connected = $state(false);
  #socket: WebSocket | undefined;
  #since: number | undefined;
  #failures = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;

  /** Keeps one connection until the returned function is called. */
  start(): () => void {
    this.#since = undefined;
    this.#connect();
    const onOnline = (): void => this.#network();
    addEventListener("online", onOnline);
    return () => {
      removeEventListener("online", onOnline);
      this.#stop();
    };
  }

  #network(): void {
    this.#stop();
    this.#connect();
    revision.changed();
  }

  #connect(): void {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const since = this.#since === undefined ? "" : `?since=${this.#since}`;
    const socket = new WebSocket(`${scheme}://${location.host}${API}/live${since}`);
    this.#socket = socket;
    socket.onopen = () => this.#opened();
    socket.onmessage = (event) => this.#heard(String(event.data));
    socket.onclose = (event) => this.#closed(event.code);
    this.#listen();
  }

  #opened(): void {
    this.connected = true;
    offline.reached(true);
    if (this.#failures > 0) {
      revision.changed();
      void lookForUpdate();
    }
    this.#failures = 0;
  }

  #heard(text: string): void {
    this.#listen();
    const message = JSON.parse(text) as { type: string; seq?: number };
    if (message.type === "notifications") {
      notifications.heard();
      void unread.refresh();
    }
    if (message.type !== "cursor" || message.seq === undefined) return;
    const moved = this.#since !== undefined && message.seq > this.#since;
    this.#since = message.seq;
    if (!moved) return;
    revision.heard();
    offline.heard();
  }

  /** A connection that misses two heartbeats is dead even if nobody said so. */
  #listen(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#socket?.close(), SILENCE_MS);
  }

  #closed(code: number): void {
    this.connected = false;
    this.#failures += 1;
    if (code === REFUSED) void session.start();
    const ceiling = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#failures);
    this.#retry = setTimeout(() => this.#connect(), ceiling * (0.5 + Math.random() / 2));
  }

  #stop(): void {
    clearTimeout(this.#retry);
    clearTimeout(this.#silence);
    if (this.#socket) this.#socket.onclose = null;
    this.#socket?.close();
    this.connected = false;
  }
}

export const live = new Live();
