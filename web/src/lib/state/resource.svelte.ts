import { asProblem, type Problem } from "../api/problem";
import { revision } from "./revision.svelte";

const remembered = new Map<string, unknown>();

/** Forgets every remembered answer; for log-out and change of workspace. */
export function forgetResources(): void {
  remembered.clear();
}

/** A value that lives on the server: last known data, and whether it is loading or failed. */
export class Resource<T> {
  data = $state.raw<T>();
  problem = $state.raw<Problem>();
  loading = $state(true);
  #turn = 0;

  constructor(
    readonly key: string,
    private readonly load: () => Promise<T>,
  ) {
    this.data = remembered.get(key) as T | undefined;
  }

  async refresh(): Promise<void> {
    const turn = ++this.#turn;
    this.loading = true;
    try {
      const data = await this.load();
      if (turn !== this.#turn) return;
      this.set(data);
      this.problem = undefined;
    } catch (error) {
      if (turn === this.#turn) this.problem = asProblem(error);
    } finally {
      if (turn === this.#turn) this.loading = false;
    }
  }

  set(data: T): void {
    this.data = data;
    remembered.set(this.key, data);
  }
}

/**
 * Loads while the component lives and again on every change on the server. Reactive values that
 * `load` reads before its first await reload it too; `key` names the answer for instant revisits.
 */
export function useResource<T>(key: string, load: () => Promise<T>): Resource<T> {
  const resource = new Resource<T>(key, load);
  $effect(() => {
    void revision.value;
    void resource.refresh();
  });
  return resource;
}
