/** Ids that follow from others (RFC 9562, version 5), so that all devices make the same row. */

const ROUNDS: [number, (b: number, c: number, d: number) => number][] = [
  [0x5a827999, (b, c, d) => (b & c) | (~b & d)],
  [0x6ed9eba1, (b, c, d) => b ^ c ^ d],
  [0x8f1bbcdc, (b, c, d) => (b & c) | (b & d) | (c & d)],
  [0xca62c1d6, (b, c, d) => b ^ c ^ d],
];

export function uuid5(namespace: string, name: string): string {
  const hex = namespace.replaceAll("-", "").match(/../g)!.map((byte) => parseInt(byte, 16));
  const bytes = sha1(new Uint8Array([...hex, ...new TextEncoder().encode(name)])).slice(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x50;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const text = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return text.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** FIPS 180-4. The browser's own is asynchronous, and rows are laid over each other in one go. */
function sha1(message: Uint8Array): Uint8Array {
  const length = Math.ceil((message.length + 9) / 64) * 64;
  const padded = new Uint8Array(length);
  padded.set(message);
  padded[message.length] = 0x80;
  new DataView(padded.buffer).setUint32(length - 4, message.length * 8);
  const hash = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
  for (let block = 0; block < length; block += 64) stir(hash, new DataView(padded.buffer, block, 64));
  const digest = new DataView(new ArrayBuffer(20));
  hash.forEach((word, place) => digest.setUint32(place * 4, word));
  return new Uint8Array(digest.buffer);
}

function stir(hash: number[], block: DataView): void {
  const words = Array.from({ length: 16 }, (_, place) => block.getUint32(place * 4));
  for (let place = 16; place < 80; place += 1)
    words.push(
      turned(words[place - 3]! ^ words[place - 8]! ^ words[place - 14]! ^ words[place - 16]!, 1),
    );
  let [a, b, c, d, e] = hash as [number, number, number, number, number];
  words.forEach((word, place) => {
    const [constant, mix] = ROUNDS[Math.floor(place / 20)]!;
    const next = (turned(a, 5) + mix(b, c, d) + e + constant + word) | 0;
    [a, b, c, d, e] = [next, a, turned(b, 30), c, d];
  });
  [a, b, c, d, e].forEach((word, place) => (hash[place] = (hash[place]! + word) | 0));
}

function turned(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}
