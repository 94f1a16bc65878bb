const MICROS = 1_000_000;
/** Below a cent two digits that count are shown, else cents. */
const CENT = 0.01;

/** Millionths of a dollar for people; an unknown price is said, never shown as nothing. */
export function money(micros: number | null | undefined): string {
  if (micros === null || micros === undefined) return "unknown";
  const dollars = micros / MICROS;
  if (dollars === 0) return "$0";
  if (dollars >= CENT) return `$${dollars.toFixed(2)}`;
  const digits = 1 - Math.floor(Math.log10(dollars));
  return `$${dollars.toFixed(digits).replace(/0+$/, "")}`;
}

/** Millionths from "2", "$2.50", "0,3"; null for nothing, undefined when unreadable. */
export function parseMoney(text: string): number | null | undefined {
  const clean = text.trim().replace(/^\$\s*/, "").replace(",", ".");
  if (clean === "") return null;
  return /^\d{1,7}(\.\d{1,6})?$/.test(clean) ? Math.round(Number(clean) * MICROS) : undefined;
}

/** What `parseMoney` reads back. */
export function plainMoney(micros: number | null | undefined): string {
  return micros === null || micros === undefined ? "" : String(micros / MICROS);
}
