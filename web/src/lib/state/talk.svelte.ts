import { get, list, patch, post } from "../api/client";
import { newId } from "../api/ids";
import { asProblem } from "../api/problem";
import { listen, type Said } from "../api/streaming";
import type { ChatMessage, Conversation } from "../api/types";
import { branch, spoken, tip } from "../format/threads";
import { Opinions } from "./opinions.svelte";
import { revision } from "./revision.svelte";

const MOST = 200;
/** How long the server may need to keep what was said until it was stopped. */
const KEPT_WITHIN_MS = [50, 100, 200, 400, 800, 1_600, 3_200];

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** One conversation on the screen: its tree, the branch that is shown, the answer on its way. */
export class Talk {
  conversation = $state.raw<Conversation>();
  messages = $state.raw<ChatMessage[]>([]);
  /** What has been written of the answer so far; null while none is on its way. */
  writing = $state<string | null>(null);
  doing = $state("");
  problem = $state("");
  said = $state("");
  /** What stands in the box. */
  draft = $state("");
  loading = $state(false);
  /** Stopped, while what was written until then is being kept. */
  stopping = $state(false);
  readonly opinions = new Opinions();
  #stop: AbortController | undefined;

  /** The branch that is shown; no derived value, for a talk may outlive the page it began on. */
  get shown(): ChatMessage[] {
    return branch(this.messages, this.conversation?.head_id ?? null);
  }

  /** Opens a conversation, or none yet. */
  async open(id: string | null): Promise<void> {
    this.stop();
    this.#stop = undefined;
    this.#settle();
    this.conversation = undefined;
    this.messages = [];
    this.problem = "";
    if (id === null) return;
    this.loading = true;
    try {
      const conversation = await get<Conversation>(`/conversations/${id}`);
      this.messages = await list<ChatMessage>(`/conversations/${id}/messages`, {}, MOST);
      this.conversation = conversation;
      await this.#readOpinions();
    } catch (error) {
      this.problem = asProblem(error).detail;
    }
    this.loading = false;
  }

  /**
   * Says something, in a new conversation if there is none, of which `begun` hears. With a message to
   * follow, or null for none, it begins a branch there. What could not be said is the draft again.
   */
  async say(text: string, after?: string | null, begun?: (id: string) => void): Promise<void> {
    const stop = this.#start();
    this.said = text;
    if (this.draft.trim() === text) this.draft = "";
    try {
      const id = await this.#begun();
      begun?.(id);
      if (stop.signal.aborted) return this.#unsaid(text);
      if (after !== undefined) this.#look(after);
      const follows = after === undefined ? {} : { parent_id: after };
      await this.#ask(`/conversations/${id}/messages`, { id: newId(), text, ...follows }, stop);
    } catch (error) {
      await this.#fail(error);
      if (!this.messages.some((message) => spoken(message) === text)) this.draft = text;
    }
  }

  /** Asks for another answer beside this one, or for one to what has none. */
  async again(message: ChatMessage): Promise<void> {
    const stop = this.#start();
    this.#look(message.role === "assistant" ? message.parent_id : message.id);
    const path = `/conversations/${message.conversation_id}/messages/${message.id}/regenerate`;
    try {
      await this.#ask(path, {}, stop);
    } catch (error) {
      await this.#fail(error);
    }
  }

  /** Shows the branch of this message, as far as it goes. */
  async show(message: ChatMessage): Promise<void> {
    const id = message.conversation_id;
    this.problem = "";
    try {
      const body = { head_id: tip(this.messages, message) };
      this.conversation = (await patch<Conversation>(`/conversations/${id}`, body)).data;
    } catch (error) {
      this.problem = asProblem(error).detail;
    }
  }

  /** Reads the conversation again after something went wrong, once the server is there. */
  async recover(): Promise<void> {
    if (this.problem === "" || this.writing !== null || !this.conversation) return;
    await this.#reread().then(
      () => (this.problem = ""),
      () => undefined,
    );
  }

  /** Ends the answer; what was written until then is kept. */
  stop(): void {
    this.#stop?.abort();
  }

  #start(): AbortController {
    this.problem = "";
    this.writing = "";
    this.doing = "";
    return (this.#stop = new AbortController());
  }

  #unsaid(text: string): void {
    this.#stop = undefined;
    this.#settle();
    this.draft = text;
  }

  async #begun(): Promise<string> {
    this.conversation ??= (await post<Conversation>("/conversations", { id: newId() })).data;
    return this.conversation.id;
  }

  /** Shows the branch up to here on this screen alone, while an answer is on its way. */
  #look(head: string | null): void {
    if (this.conversation) this.conversation = { ...this.conversation, head_id: head };
  }

  async #ask(path: string, body: unknown, stop: AbortController): Promise<void> {
    const known = new Set(this.messages.map((message) => message.id));
    try {
      await listen(path, body, stop.signal, (said) => this.#stop === stop && this.#hear(said));
    } catch (error) {
      if (!stop.signal.aborted) throw error;
    }
    // Another conversation was opened meanwhile.
    if (this.#stop !== stop) return;
    this.stopping = stop.signal.aborted;
    await this.#reread();
    for (const wait of stop.signal.aborted && this.writing ? KEPT_WITHIN_MS : []) {
      const kept = this.messages.some(({ id, role }) => role === "assistant" && !known.has(id));
      if (kept || this.#stop !== stop) break;
      await pause(wait);
      await this.#reread();
    }
    if (this.#stop !== stop) return;
    this.#stop = undefined;
    this.#settle();
    revision.changed();
    await this.#readOpinions();
  }

  #hear(said: Said): void {
    if (said.type === "delta") this.writing = (this.writing ?? "") + String(said.text);
    if (said.type === "reset") this.writing = "";
    if (said.type === "tool") this.doing = String(said.name).replaceAll("_", " ");
    if (said.type === "error") this.problem = (said.problem as { detail: string }).detail;
  }

  async #reread(): Promise<void> {
    const id = this.conversation?.id;
    if (id === undefined) return;
    const messages = await list<ChatMessage>(`/conversations/${id}/messages`, {}, MOST);
    const conversation = await get<Conversation>(`/conversations/${id}`);
    if (this.conversation?.id !== id) return;
    this.messages = messages;
    // Another branch may have been chosen while this was on its way.
    if (conversation.version >= this.conversation.version) this.conversation = conversation;
    this.said = "";
  }

  async #fail(error: unknown): Promise<void> {
    this.problem = asProblem(error).detail;
    this.#stop = undefined;
    this.#settle();
    // What was said may be kept although its answer failed.
    await this.#reread().catch(() => undefined);
  }

  #settle(): void {
    this.writing = null;
    this.said = "";
    this.stopping = false;
  }

  async #readOpinions(): Promise<void> {
    const answers = this.messages.filter((message) => message.role === "assistant");
    await this.opinions.read(answers.map((message) => message.id).sort());
  }
}

let handed: Talk | undefined;

/** Lets a talk go on where its page is made anew, under the address of its conversation. */
export function handOver(talk: Talk): void {
  handed = talk;
}

/** The talk that was handed over for this conversation, if any. */
export function takeOver(id: string | undefined): Talk | undefined {
  const talk = handed;
  handed = undefined;
  return id !== undefined && talk?.conversation?.id === id ? talk : undefined;
}
