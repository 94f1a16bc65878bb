import { describe, expect, it } from "vitest";
import { amount, pathOn } from "../src/lib/format/paths";
import vectors from "../../tests/vectors/paths.json";

/** The server's own expectations; fractions are written as "18/7". */
function number(written: number | string): number {
  const [above, below] = String(written).split("/").map(Number);
  return above! / (below ?? 1);
}

describe("paths", () => {
  for (const each of vectors.filter((vector) => vector.asks !== null)) {
    it(`asks as the server does: ${each.name}`, () => {
      const knots = each.knots.map(([day, value]) => ({ day: String(day), value: Number(value) }));
      expect(pathOn(knots, each.today)).toBeCloseTo(number(each.asks!), 9);
    });
  }

  it("writes numbers without false precision", () => {
    expect([amount(18), amount(2 / 3), amount(12_345.5)]).toEqual(["18", "0.67", "12,345.5"]);
  });
});
