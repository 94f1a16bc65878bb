import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { newId } from "../../src/lib/api/ids";
import { Problem } from "../../src/lib/api/problem";
import type { Page, Task } from "../../src/lib/api/types";
import type { StandIn } from "../../src/lib/offline/standin";
import { Browser, FakeServer, TASK } from "./fakes";

let server: FakeServer;
let browser: Browser;
let tab: StandIn;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  server = new FakeServer();
  server.put("t1", { ...TASK, title: "Call Mum" });
  browser = new Browser(server);
  tab = await browser.openTab();
  await tab.engine.sync();
});

afterEach(() => {
  tab.engine.close();
  vi.useRealTimers();
});

async function ask<T>(method: "GET" | "POST" | "PATCH" | "DELETE", path: string, body?: unknown) {
  const answer = await tab.answer({ method, path, body });
  return answer as { data: T; changeset: string | null } | undefined;
}

async function titles(from = tab): Promise<string[]> {
  const answer = await from.answer({ method: "GET", path: "/tasks" });
  return (answer!.data as Page<Task>).items.map((task) => task.title).sort();
}

/** Nothing reaches the server until `failures` is emptied. */
function cutOff(times = 50): void {
  server.failures = Array.from({ length: times }, () => "before" as const);
}

async function comeBack(): Promise<void> {
  server.failures = [];
  await tab.engine.sync();
}

const serverTitles = (): unknown[] => [...server.rows.values()].map(({ row }) => row?.title).sort();
const creations = (): string[] =>
  server.requests.flatMap(({ ops }) => ops.filter((each) => each.verb === "create").map((o) => o.id));

describe("a device without its server", () => {
  it("answers lists and rows from its copy", async () => {
    expect(await titles()).toEqual(["Call Mum"]);
    expect((await ask<Task>("GET", "/tasks/t1"))!.data.title).toBe("Call Mum");
    expect(await ask("GET", "/tasks/elsewhere")).toBeUndefined();
    expect(await ask("GET", "/stories")).toBeUndefined();
  });

  it("answers nothing before it has read anything", async () => {
    const fresh = await new Browser(server).openTab();
    expect(await fresh.answer({ method: "GET", path: "/tasks" })).toBeUndefined();
    expect(await fresh.answer({ method: "POST", path: "/tasks", body: {} })).toBeUndefined();
    const me = await fresh.answer({ method: "GET", path: "/auth/me" });
    expect((me!.data as { user: { name: string } }).user.name).toBe("Ada");
  });

  it("makes a row and edits it, and the server agrees afterwards", async () => {
    cutOff();
    const id = newId();
    const made = await ask<Task>("POST", "/tasks", { id, title: "Buy milk" });
    expect(made!.data).toMatchObject({ id, title: "Buy milk", state: "inbox", version: 0 });
    await ask("PATCH", `/tasks/${id}`, { title: "Buy oat milk" });
    await ask("POST", "/tasks/t1/complete");
    expect(await titles()).toEqual(["Buy oat milk"]);
    expect(serverTitles()).toEqual(["Call Mum"]);
    await comeBack();
    expect(serverTitles()).toEqual(["Buy oat milk", "Call Mum"]);
    expect(server.rows.get("t1")?.row?.state).toBe("done");
    expect(tab.replica.ops).toEqual([]);
    expect(await titles()).toEqual(["Buy oat milk"]);
  });

  it("keeps the order of deeds by stamps that only grow", async () => {
    cutOff();
    for (const title of ["One", "Two", "Three"]) await ask("PATCH", "/tasks/t1", { title });
    const stamps = tab.replica.ops.map((operation) => operation.hlc);
    expect(stamps).toEqual(stamps.toSorted());
    expect(new Set(stamps).size).toBe(3);
    await comeBack();
    expect(serverTitles()).toEqual(["Three"]);
  });

  it("catches a line as it was typed", async () => {
    cutOff();
    const body = { id: newId(), text: "Buy milk\ntomorrow", defaults: { goal_id: null } };
    const added = await ask<{ kind: string; task: Task }>("POST", "/quick-add", body);
    expect(added!.data).toMatchObject({ kind: "task", task: { title: "Buy milk tomorrow" } });
    await comeBack();
    expect(serverTitles()).toEqual(["Buy milk tomorrow", "Call Mum"]);
  });

  it("uses a template as one deed, taken back as one", async () => {
    const tasks = [{ title: "Pack", depth: 0 }, { title: "Passport", depth: 1 }];
    cutOff();
    await ask("POST", "/templates", { id: "trip", name: "Trip", tasks });
    const made = await ask<Page<Task>>("POST", "/templates/trip/apply", { start_date: null });
    expect(made!.data.items.map((task) => task.title)).toEqual(["Pack", "Passport"]);
    expect(await titles()).toEqual(["Call Mum", "Pack", "Passport"]);
    await ask("POST", `/history/${made!.changeset}/undo`);
    expect(await titles()).toEqual(["Call Mum"]);
    await ask("PATCH", "/templates/trip", { tasks: tasks.slice(0, 1) });
    const one = await ask<Page<Task>>("POST", "/templates/trip/apply", {});
    expect(one!.data.items.map((task) => task.title)).toEqual(["Pack"]);
    expect(await ask("POST", "/templates/elsewhere/apply", {})).toBeUndefined();
  });

  it("leaves to the server what only it can do", async () => {
    expect(await ask("POST", "/goals/decompose", { goal: { title: "Run" } })).toBeUndefined();
    expect(await ask("PATCH", "/tasks/unknown", { title: "x" })).toBeUndefined();
    expect(await ask("PATCH", "/tasks/t1", { title: "x", scope: "following" })).toBeUndefined();
    expect(await ask("POST", "/auth/logout")).toBeUndefined();
  });

  it("takes a deed back before it is sent, with what was built on it", async () => {
    cutOff();
    await tab.engine.sync();
    const id = newId();
    const made = await ask("POST", "/tasks", { id, title: "Buy milk" });
    await ask("PATCH", `/tasks/${id}`, { title: "Buy oat milk" });
    server.requests = [];
    const undone = await ask<{ changeset_id: null }>("POST", `/history/${made!.changeset}/undo`);
    expect(undone!.data.changeset_id).toBeNull();
    await comeBack();
    expect(creations()).toEqual([]);
    expect(serverTitles()).toEqual(["Call Mum"]);
  });

  it("does not take back what may be on its way", async () => {
    server.failures = ["after", ...Array<"before">(5).fill("before")];
    const made = await ask("POST", "/tasks", { id: newId(), title: "Buy milk" });
    await tab.engine.sync();
    await expect(ask("POST", `/history/${made!.changeset}/undo`)).rejects.toThrow("on its way");
  });
});

describe("sending", () => {
  it("does nothing twice when an answer is lost", async () => {
    server.failures = ["after", "before"];
    await ask("POST", "/tasks", { id: newId(), title: "Buy milk" });
    await tab.engine.sync();
    expect(tab.replica.waiting).toHaveLength(1);
    await comeBack();
    expect(serverTitles()).toEqual(["Buy milk", "Call Mum"]);
    expect(new Set(creations()).size).toBe(1);
    expect(creations().length).toBeGreaterThan(1);
    expect(tab.replica.waiting).toEqual([]);
  });

  it.each([true, false])("sends once from two tabs, with locks: %s", async (locks) => {
    const shared = new Browser(server, locks);
    const [one, two] = [await shared.openTab(), await shared.openTab()];
    await one.engine.sync();
    cutOff();
    await one.answer({ method: "POST", path: "/tasks", body: { id: newId(), title: "Buy milk" } });
    await one.engine.sync();
    expect(await titles(two)).toEqual(["Buy milk", "Call Mum"]);
    server.failures = [];
    await Promise.all([one.engine.sync(), two.engine.sync(), one.engine.sync()]);
    expect(serverTitles()).toEqual(["Buy milk", "Call Mum"]);
    expect([one.replica.waiting, two.replica.waiting]).toEqual([[], []]);
    if (locks) expect(creations().length).toBe(new Set(creations()).size + failedSends());
  });

  /** How often an operation was offered to a server that was not there. */
  function failedSends(): number {
    return creations().length - 1;
  }

  it.each([500, 502, 503, 429, 401])("keeps everything when the server answers %i", async (status) => {
    server.failures = Array.from({ length: 9 }, () => new Problem(status, "Not now."));
    await ask("POST", "/tasks/t1/complete");
    await tab.engine.sync();
    expect(tab.replica.waiting).toHaveLength(1);
    expect(tab.replica.refused).toEqual([]);
    expect(await titles()).toEqual([]);
    await comeBack();
    expect(server.rows.get("t1")?.row?.state).toBe("done");
  });

  it("tries again by itself, ever later", async () => {
    cutOff(4);
    await ask("POST", "/tasks/t1/complete");
    await tab.engine.sync();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.rows.get("t1")?.row?.state).toBe("done");
  });

  it("shows what is refused, and tries it again or lets it go", async () => {
    server.refusals.set("t1", "Somebody has archived this.");
    await ask("PATCH", "/tasks/t1", { title: "Call Dad" });
    await tab.engine.sync();
    expect(tab.replica.waiting).toEqual([]);
    const [refused] = tab.replica.refused;
    expect(refused).toMatchObject({
      refusal: "Somebody has archived this.",
      label: "Change “Call Mum”",
    });
    expect(await titles()).toEqual(["Call Mum"]);
    server.refusals.clear();
    await tab.engine.retry(refused!.id);
    expect(tab.replica.ops).toEqual([]);
    expect(serverTitles()).toEqual(["Call Dad"]);

    server.refusals.set("t1", "No.");
    await ask("PATCH", "/tasks/t1", { title: "Call Gran" });
    await tab.engine.sync();
    await tab.engine.discard(tab.replica.refused[0]!.id);
    expect(tab.replica.ops).toEqual([]);
    expect(await titles()).toEqual(["Call Dad"]);
  });

  it("finds the one that spoils the request for all", async () => {
    cutOff();
    for (const title of ["Good", "Bad", "Fine"]) await ask("POST", "/tasks", { id: newId(), title });
    const honest = server.handle;
    server.handle = async (request) => {
      const bad = request.ops.some((operation) => operation.fields.title === "Bad");
      if (bad) throw new Problem(422, "/ops/1: too long");
      return honest(request);
    };
    await comeBack();
    expect(serverTitles()).toEqual(["Call Mum", "Fine", "Good"]);
    expect(tab.replica.refused.map((each) => each.refusal)).toEqual(["/ops/1: too long"]);
  });

  it("takes a row for made that a dying request had made already", async () => {
    const id = newId();
    server.put(id, { ...TASK, title: "Buy milk" });
    await ask("POST", "/tasks", { id, title: "Buy milk" });
    await tab.engine.sync();
    expect(tab.replica.ops).toEqual([]);
    expect(await titles()).toEqual(["Buy milk", "Call Mum"]);
  });

  it("keeps changes, but no copy, of a workspace it is shut out of", async () => {
    server.failures = Array.from({ length: 9 }, () => new Problem(404, "No such workspace."));
    await ask("POST", "/tasks/t1/complete");
    await tab.engine.sync();
    expect(browser.shelf.kept.rows.size).toBe(0);
    expect(tab.replica.waiting).toHaveLength(1);
    expect(await ask("GET", "/tasks")).toBeUndefined();
  });
});

describe("reading on", () => {
  it("takes what others changed, and forgets what is gone", async () => {
    server.put("t2", { ...TASK, title: "Water the plants" });
    server.rows.set("t1", { seq: (server.seq += 1), row: null });
    await tab.engine.sync();
    expect(await titles()).toEqual(["Water the plants"]);
    expect(server.requests.at(-1)?.cursor).toBe(1);
  });

  it("replaces its copy at the end of a full one, and not before", async () => {
    for (let index = 0; index < 5; index++)
      server.put(`n${index}`, { ...TASK, title: `New ${index}` });
    server.rows.delete("t1");
    server.pageSize = 2;
    browser.shelf.kept.facts.cursor = 1_000;
    const honest = server.handle;
    server.handle = async (request) => {
      if (request.page !== null) expect(await titles()).toEqual(["Call Mum"]);
      return honest(request);
    };
    await tab.engine.sync();
    expect(await titles()).toEqual(["New 0", "New 1", "New 2", "New 3", "New 4"]);
    expect(browser.shelf.kept.facts.cursor).toBe(server.seq);
  });

  it("reads everything anew once, where an older program kept fewer kinds of rows", async () => {
    browser.shelf.kept.facts.shape = 1;
    await tab.engine.sync();
    expect(server.requests.at(-1)?.cursor).toBeNull();
    await tab.engine.sync();
    expect(server.requests.at(-1)?.cursor).toBe(server.seq);
  });
});
