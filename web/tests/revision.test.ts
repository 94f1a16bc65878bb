import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { revision } from "../src/lib/state/revision.svelte";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** Hears changes this far apart; how long until each is read, the longest of them. */
function longestWait(apart: number, times: number): number {
  let longest = 0;
  for (let change = 0; change < times; change += 1) {
    const before = revision.value;
    revision.heard();
    let waited = 0;
    while (revision.value === before && waited < apart) {
      vi.advanceTimersByTime(20);
      waited += 20;
    }
    longest = Math.max(longest, waited);
    vi.advanceTimersByTime(apart - waited);
  }
  return longest;
}

it("reads what is changed by hand, some seconds apart, within a second each time", () => {
  vi.advanceTimersByTime(60_000);
  expect(longestWait(2_500, 20)).toBeLessThan(1_000);
});

it("reads a stream of changes only now and then", () => {
  vi.advanceTimersByTime(60_000);
  const before = revision.value;
  for (let change = 0; change < 300; change += 1) {
    revision.heard();
    vi.advanceTimersByTime(100);
  }
  expect(revision.value - before).toBeLessThan(9);
  vi.advanceTimersByTime(30_000);
  expect(longestWait(3_000, 1)).toBeLessThan(1_000);
});
