import { get, list, patch, post } from "../api/client";
import { newId } from "../api/ids";
import { asProblem } from "../api/problem";
import { listen, type Said } from "../api/streaming";
import type { ChatMessage, Conversation } from "../api/types";
import { branch } from "../format/threads";

const MOST = 200;

/** One conversation on the screen: its tree, the branch that is shown, the answer on its way. */
export class Talk {
  conversation = $state.raw<Conversation>();
  messages = $state.raw<ChatMessage[]>([]);
  /** What has been written of the answer so far; null while none is on its way. */
  writing = $state<string | null>(null);
  doing = $state("");
  problem = $state("");
  said = $state("");
  readonly shown = $derived(branch(this.messages, this.conversation?.head_id ?? null));
  #stop: AbortController | undefined;

  /** Opens a conversation, or none yet. */
  async open(id: string | null): Promise<void> {
    this.stop();
    this.conversation = undefined;
    this.messages = [];
    this.problem = "";
    if (id === null) return;
    try {
      this.conversation = await get<Conversation>(`/conversations/${id}`);
      this.messages = await list<ChatMessage>(`/conversations/${id}/messages`, {}, MOST);
    } catch (error) {
      this.problem = asProblem(error).detail;
    }
  }

  /** Says something, in a new conversation if there is none; returns which it is said in. */
  async say(text: string): Promise<string | undefined> {
    this.problem = "";
    this.said = text;
    this.writing = "";
    try {
      const id = await this.#begun();
      await this.#ask(`/conversations/${id}/messages`, { id: newId(), text });
      return id;
    } catch (error) {
      this.problem = asProblem(error).detail;
      this.writing = null;
      this.said = "";
      return undefined;
    }
  }

  /** Asks for another answer beside this one. */
  async again(answer: ChatMessage): Promise<void> {
    this.problem = "";
    this.writing = "";
    const path = `/conversations/${answer.conversation_id}/messages/${answer.id}/regenerate`;
    await this.#ask(path, {}).catch((error: unknown) => {
      this.problem = asProblem(error).detail;
      this.writing = null;
    });
  }

  /** Shows the branch that ends at this message, or at what follows it. */
  async show(message: ChatMessage): Promise<void> {
    const id = message.conversation_id;
    const { data } = await patch<Conversation>(`/conversations/${id}`, { head_id: message.id });
    this.conversation = data;
  }

  /** Ends the answer; what was written until then is kept. */
  stop(): void {
    this.#stop?.abort();
    this.#stop = undefined;
  }

  async #begun(): Promise<string> {
    this.conversation ??= (await post<Conversation>("/conversations", { id: newId() })).data;
    return this.conversation.id;
  }

  async #ask(path: string, body: unknown): Promise<void> {
    const stop = new AbortController();
    this.#stop = stop;
    this.doing = "";
    try {
      await listen(path, body, stop.signal, (said) => this.#hear(said));
    } catch (error) {
      if (!stop.signal.aborted) throw error;
    } finally {
      if (this.#stop === stop) this.#stop = undefined;
    }
    await this.#reread();
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
    if (this.conversation?.id === id) {
      this.messages = messages;
      this.conversation = conversation;
    }
    this.writing = null;
    this.said = "";
  }
}
