/**
 * Answers in the server's place: reads from this device's copy, and lets changes wait. What reckons
 * the answers is loaded with the first one, since most days never need it.
 */
import { exchange, type Answer, type Asked } from "../api/client";
import { newId } from "../api/ids";
import { Problem } from "../api/problem";
import type { Me, UndoResult, When } from "../api/types";
import { localDay } from "../format/when";
import { Engine, type Tools } from "./engine";
import { nextStamp } from "./hlc";
import { keptAs, type Query } from "./remembered";
import { Replica, type Tabs } from "./replica";
import type { Draft } from "./requests";
import type { Use } from "./saved";
import { openShelf, type Change } from "./shelf";
import type { Entity, Queued, SyncAnswer } from "./wire";
import type { World } from "./world";

const USE = /^\/templates\/([^/]+)\/apply$/;
const DEED = /^\/history\/(queued-[^/]+)\/(undo|redo)$/;
/** Records that count for a day: without one, for the one on which they are made. */
const DATED: readonly Entity[] = ["check_in", "data_point", "journal_entry"];
const PATHS: Partial<Record<Entity, string>> = {
  area: "/areas",
  focus_session: "/focus",
  goal: "/goals",
  project: "/projects",
  reminder: "/reminders",
  task: "/tasks",
};

type Hooks = Omit<Tools, "wire" | "alone"> & { onchange: () => void };

export class StandIn {
  constructor(
    readonly engine: Engine,
    readonly replica: Replica,
  ) {}

  /** Opens the copy of `name`; `me` is known where the server was asked. */
  static async open(name: string, me: Me | undefined, hooks: Hooks): Promise<StandIn> {
    const replica = await Replica.open(await openShelf(name), {
      device: newId(),
      me,
      tabs: tabsOf(name),
      onchange: hooks.onchange,
    });
    const workspace = name.split(":")[2]!;
    const wire = async (body: unknown): Promise<SyncAnswer> =>
      (await exchange<SyncAnswer>({ method: "POST", path: "/sync", body, workspace })).data;
    return new StandIn(new Engine(replica, { ...hooks, wire, alone }), replica);
  }

  /** Keeps what only the server can reckon, for when it is away. */
  async remember({ path, query = {} }: Asked, data: unknown): Promise<void> {
    const id = keptAs(path, query);
    if (id === null) return;
    await this.replica.commit({ rows: [{ entity: "answer", id, row: { id, data, at: Date.now() } }] });
  }

  /** Answers a request, or undefined where only the server can. */
  async answer({ method, path, query = {}, body }: Asked): Promise<Answer<unknown> | undefined> {
    const { me, cursor } = this.replica.facts;
    const deed = DEED.exec(path);
    if (deed) return this.#turnBack(deed[1]!, deed[2]!, body);
    if (me === null || (cursor === null && path !== "/auth/me")) return undefined;
    if (method === "GET") return this.#read(path, query, me);
    if (method === "POST" && path === "/undo") return this.#undoNewest();
    const template = method === "POST" ? USE.exec(path) : null;
    const { QUICK_ADD } = await import("./requests");
    const drafts = template
      ? await this.#planted(template[1]!, body, me)
      : await this.#draftsOf({ method, path, body });
    const before = path === "/focus/start" ? await this.#timer() : undefined;
    const answer = drafts ? await this.#queue(drafts, me) : undefined;
    if (!answer) return undefined;
    const { data, changeset } = answer;
    if (path === "/focus/start") return { data: { session: data, stopped: await this.#stopped(before) }, changeset };
    if (path === QUICK_ADD) return { data: { kind: "task", task: data, warnings: [] }, changeset };
    return template && drafts?.length === 1 ? { data: { items: [data] }, changeset } : answer;
  }

  async #timer(): Promise<string | undefined> {
    const { openIn } = await import("./timers");
    return openIn(await this.replica.world())?.id;
  }

  /** The timer that ran before another was started. */
  async #stopped(id: string | undefined): Promise<unknown> {
    const { answerTo } = await import("./answers");
    const asked = { world: await this.replica.world(), me: this.replica.facts.me!, query: {}, now: new Date() };
    return id ? answerTo(`/focus/${id}`, asked) : null;
  }

  async #planted(id: string, body: unknown, me: Me): Promise<Draft[] | null> {
    const world = await this.replica.world();
    const template = world.find("template", id);
    if (!template) return null;
    const { planted } = await import("./saved");
    return planted(world, template, body as Use, dayNow(me));
  }

  async #draftsOf({ method, path, body }: Asked): Promise<Draft[] | null> {
    const world = await this.replica.world();
    if (path.startsWith("/focus")) {
      const { sessionDrafts } = await import("./timers");
      return sessionDrafts(world, method, path, body, new Date());
    }
    if (path.startsWith("/calendar-events")) {
      const { eventDrafts } = await import("./rescheduling");
      return eventDrafts(world, method, path, body);
    }
    const { draftsOf } = await import("./requests");
    return draftsOf(method, path, body, (id) => world.find("task", id)?.due as When | null);
  }

  async #read(path: string, query: Query, me: Me): Promise<Answer<unknown> | undefined> {
    const world = await this.replica.world();
    const { answerTo } = await import("./answers");
    const data = answerTo(path, { world, me, query, now: new Date() });
    return data === undefined ? undefined : { data, changeset: null };
  }

  async #queue(drafts: Draft[], me: Me): Promise<Answer<unknown> | undefined> {
    const { wordsFor } = await import("./requests");
    const world = await this.replica.world();
    const known = (draft: Draft): boolean =>
      draft.verb === "create" || world.find(draft.entity, draft.entity_id) !== undefined;
    if (!drafts.every(known)) return undefined;
    const deed = `queued-${newId()}`;
    let { stamp } = this.replica.facts;
    const now = new Date();
    const day = dayNow(me, now);
    const ops = drafts.map((draft): Queued => {
      const isDated = draft.verb === "create" && DATED.includes(draft.entity);
      stamp = nextStamp(stamp, now.getTime(), this.replica.facts.device);
      return {
        ...draft,
        fields: isDated ? { day, ...draft.fields } : draft.fields,
        id: newId(),
        base: draft.verb === "create" ? null : this.replica.facts.cursor,
        hlc: stamp,
        deed,
        label: wordsFor(draft, titleOf(world, draft)),
        sent: false,
        refusal: null,
      };
    });
    await this.replica.commit({ ops, facts: { stamp } });
    void this.engine.sync();
    return { data: await this.#shown(drafts, me), changeset: deed };
  }

  /** The rows as they are now, in the shape the server would have answered. */
  async #shown(drafts: Draft[], me: Me): Promise<unknown> {
    const world = await this.replica.world();
    const { answerTo } = await import("./answers");
    const asked = { world, me, query: {}, now: new Date() };
    const rows = drafts.map(({ entity, entity_id: id }) =>
      PATHS[entity] ? answerTo(`${PATHS[entity]}/${id}`, asked) : world.find(entity, id),
    );
    return drafts.length === 1 ? rows[0] : { items: rows };
  }

  async #undoNewest(): Promise<Answer<unknown> | undefined> {
    const newest = this.replica.waiting.at(-1);
    if (!newest || newest.sent) return undefined;
    return this.#turnBack(newest.deed, "undo", {});
  }

  /** Takes a deed back before it is sent; once sent, through the history as any other. */
  async #turnBack(deed: string, verb: string, body: unknown): Promise<Answer<unknown>> {
    if (this.replica.waiting.some((each) => each.deed === deed && each.sent))
      await this.engine.sync();
    if (verb === "undo" && (await this.engine.takeBack(deed)))
      return { data: { changeset_id: null, conflicts: [] }, changeset: null };
    const changesets = this.engine.changesets.get(deed) ?? [];
    if (changesets.length === 0) throw new Problem(409, "This has been sent. Undo it in History.");
    const order = verb === "undo" ? changesets.toReversed() : changesets;
    let answer: Answer<UndoResult> | undefined;
    for (const id of order)
      answer = await exchange<UndoResult>({ method: "POST", path: `/history/${id}/${verb}`, body });
    return answer!;
  }
}

function dayNow({ user }: Me, now = new Date()): string {
  return localDay(now, user.time_zone, user.day_start_minutes);
}

function titleOf(world: World, { entity, entity_id, fields }: Draft): string | undefined {
  const row = world.find(entity, entity_id) as { title?: string; name?: string } | undefined;
  const given = fields as { title?: string; name?: string };
  return row?.title ?? row?.name ?? given.title ?? given.name;
}

function tabsOf(name: string): Tabs {
  const channel = new BroadcastChannel(name);
  return {
    tell: (change) => channel.postMessage(change),
    hear: (listener) => (channel.onmessage = (event) => listener(event.data as Change)),
    close: () => channel.close(),
  };
}

/** One tab after the other; where the browser has no locks, the ids of operations suffice. */
async function alone<T>(work: () => Promise<T>): Promise<T> {
  return navigator.locks ? await navigator.locks.request("selfos.sync", work) : await work();
}

export { wipeShelves } from "./shelf";
