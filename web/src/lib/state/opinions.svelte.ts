import { get, post, remove } from "../api/client";
import type { NewOpinion, Opinion, Page } from "../api/types";
import { toasts } from "./toasts.svelte";

const MOST = 100;

/** What this person has said of the things on a page that were made for them. */
export class Opinions {
  rows = $state.raw<Opinion[]>([]);

  /** Reads what was said of these; the page is whole without it. */
  async read(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return void (this.rows = []);
    try {
      const query = new URLSearchParams(ids.slice(-MOST).map((id) => ["generation_id", id]));
      this.rows = (await get<Page<Opinion>>(`/feedback?${query}&limit=${MOST}`)).items;
    } catch {
      this.rows = [];
    }
  }

  thumb(id: string): Opinion | undefined {
    return this.rows.find((row) => row.generation_id === id && row.kind === "thumb");
  }

  rating(id: string): Opinion | undefined {
    return this.rows.find((row) => row.generation_id === id && row.kind === "rating");
  }

  /** How something should have read; its latest edit. */
  edit(id: string): Opinion | undefined {
    return this.rows.find((row) => row.generation_id === id && row.kind === "edit");
  }

  /** Whether it was said already which of two is the better one. */
  compared(one: string, other: string): boolean {
    return this.rows.some(
      ({ kind, generation_id: chosen, rejected_id: left }) =>
        kind === "pick" && ((chosen === one && left === other) || (chosen === other && left === one)),
    );
  }

  /** Says something; true when it is kept. */
  async say(opinion: NewOpinion): Promise<boolean> {
    try {
      const { data } = await post<Opinion>("/feedback", opinion);
      const replaced = (row: Opinion): boolean =>
        row.generation_id === data.generation_id && row.kind === data.kind && data.kind !== "pick";
      this.rows = [data, ...this.rows.filter((row) => !replaced(row))];
      return true;
    } catch (error) {
      toasts.fail(error);
      return false;
    }
  }

  async takeBack(opinion: Opinion): Promise<void> {
    try {
      await remove(`/feedback/${opinion.id}`);
      this.rows = this.rows.filter((row) => row.id !== opinion.id);
    } catch (error) {
      toasts.fail(error);
    }
  }
}
