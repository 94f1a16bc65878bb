import { get, post, whenUnauthorised } from "../api/client";
import { asProblem, type Problem } from "../api/problem";
import type { Instance, Me } from "../api/types";
import { offline } from "../offline/offline.svelte";
import { overlays } from "./overlays.svelte";
import { forgetResources } from "./resource.svelte";
import { revision } from "./revision.svelte";
import { turnOff } from "./pushing";
import { toasts } from "./toasts.svelte";

type Status = "loading" | "anonymous" | "ready" | "unreachable";

/** Who is signed in here, in which workspace, and what they may do. */
class SessionState {
  status = $state<Status>("loading");
  me = $state.raw<Me>();
  instance = $state.raw<Instance>();
  problem = $state.raw<Problem>();

  constructor() {
    whenUnauthorised(() => this.leave());
  }

  get user() {
    return this.me?.user;
  }

  get zone(): string {
    return this.me?.user.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  }

  /** Whether a stranger may make an account here. */
  get mayRegister(): boolean {
    return this.instance?.registration === "open" || this.instance?.has_users === false;
  }

  async start(): Promise<void> {
    try {
      const me = await whoAmI();
      if (me) return this.enter(me);
      this.instance = await get<Instance>("/instance");
      this.leave();
    } catch (error) {
      this.problem = asProblem(error);
      this.status = "unreachable";
    }
  }

  /** Reads what this instance asks of accounts, where a page needs it before it was read. */
  async learnInstance(): Promise<void> {
    this.instance ??= await get<Instance>("/instance").catch(() => undefined);
  }

  enter(me: Me): void {
    const moved = this.me !== undefined && this.me.workspace.id !== me.workspace.id;
    if (moved) forgetResources();
    this.instance = undefined;
    this.me = me;
    this.status = "ready";
    if (moved) revision.changed();
  }

  leave(): void {
    forgetResources();
    this.me = undefined;
    this.status = "anonymous";
    void offline.lock();
  }

  /** Signs out; what has not been sent would be lost, so that is asked about first. */
  async logout({ anyway = false } = {}): Promise<void> {
    if (!anyway && offline.unsent > 0) return overlays.open("leave");
    overlays.close();
    try {
      await turnOff().catch(() => undefined);
      await post("/auth/logout");
      this.leave();
      await offline.erase();
      tellOtherTabs();
    } catch (error) {
      toasts.fail(error);
    }
  }

  async switchWorkspace(id: string): Promise<void> {
    try {
      await offline.settle();
      const { data } = await post<Me>(`/workspaces/${id}/switch`);
      this.enter(data);
      tellOtherTabs();
    } catch (error) {
      toasts.fail(error);
    }
  }
}

/** The signed-in person, or undefined where nobody is signed in. */
async function whoAmI(): Promise<Me | undefined> {
  try {
    return await get<Me>("/auth/me");
  } catch (error) {
    if (asProblem(error).status === 401) return undefined;
    throw error;
  }
}

export const session = new SessionState();

const tabs = new BroadcastChannel("selfos.session");
tabs.onmessage = () => void session.start();

/** The cookie is shared by all tabs: they ask again who they are. */
export function tellOtherTabs(): void {
  tabs.postMessage("changed");
}
