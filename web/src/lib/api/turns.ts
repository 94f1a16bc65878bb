/** The last change of each thing that is on its way. */
const last = new Map<string, Promise<unknown>>();

/**
 * A thing is what the first two parts of an address name, by its id or as one's preferences; what is
 * new has no name yet.
 */
const NAMED = /^\/[a-z-]+\/([0-9a-f]{8}-[0-9a-f-]{27}|preferences)/;

/** Changes of one thing leave one after the other, so that none meets another on the way. */
export function inTurn<T>(path: string, send: () => Promise<T>): Promise<T> {
  const thing = NAMED.exec(path)?.[0];
  if (!thing) return send();
  const before = last.get(thing);
  const mine = before ? before.then(send, send) : send();
  last.set(thing, mine);
  const leave = (): void => void (last.get(thing) === mine && last.delete(thing));
  mine.then(leave, leave);
  return mine;
}
