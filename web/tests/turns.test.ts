import { expect, it } from "vitest";
import { inTurn } from "../src/lib/api/turns";

const TASK = "/tasks/0192f000-0000-7000-8000-00000000aaaa";
const OTHER = "/tasks/0192f000-0000-7000-8000-00000000bbbb";

/** Work that ends when it is told to, and writes down when it begins. */
function work(log: string[], name: string) {
  let settle: { end: () => void; fail: () => void } | undefined;
  const promise = new Promise<string>((resolve, reject) => {
    settle = { end: () => resolve(name), fail: () => reject(new Error(name)) };
  });
  return { begin: () => (log.push(name), promise), ...settle! };
}

it("changes of one thing leave one after the other, also after one that failed", async () => {
  const log: string[] = [];
  const [first, second, third] = [work(log, "1"), work(log, "2"), work(log, "3")];
  const refused = inTurn(TASK, first.begin);
  const done = inTurn(`${TASK}/move`, second.begin);
  const last = inTurn(TASK, third.begin);
  expect(log).toEqual(["1"]);
  first.fail();
  await expect(refused).rejects.toThrow("1");
  expect(log).toEqual(["1", "2"]);
  second.end();
  third.end();
  expect([await done, await last]).toEqual(["2", "3"]);
});

it("changes of different things, and what is new, wait for nobody", () => {
  const log: string[] = [];
  for (const path of [TASK, OTHER, "/tasks", "/quick-add/parse", "/quick-add/parse"])
    void inTurn(path, work(log, path).begin);
  expect(log).toHaveLength(5);
});
