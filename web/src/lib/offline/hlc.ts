/**
 * Hybrid logical clocks: what a device did later compares as later, even where its clock was set
 * back, and text comparison is the order: `2026-11-25T16:00:00.000Z-0000-<device>`.
 */
const HIGHEST_COUNT = 0xffff;

interface Stamp {
  time: number;
  count: number;
}

function read(stamp: string | null): Stamp {
  if (stamp === null) return { time: 0, count: 0 };
  return { time: Date.parse(stamp.slice(0, 24)), count: parseInt(stamp.slice(25, 29), 16) };
}

function write({ time, count }: Stamp, device: string): string {
  return `${new Date(time).toISOString()}-${count.toString(16).padStart(4, "0")}-${device}`;
}

/** The stamp of the next deed, after every stamp seen. */
export function nextStamp(last: string | null, now: number, device: string): string {
  const { time, count } = read(last);
  if (now > time) return write({ time: now, count: 0 }, device);
  if (count < HIGHEST_COUNT) return write({ time, count: count + 1 }, device);
  return write({ time: time + 1, count: 0 }, device);
}

/** The later of two stamps. */
export function later(one: string | null, other: string | null): string | null {
  if (one === null || other === null) return one ?? other;
  return one > other ? one : other;
}

/** The instant a stamp was made at, as the API writes instants. */
export function instantOf(stamp: string): string {
  return stamp.slice(0, 24);
}
