import { describe, expect, it } from "vitest";
import { amount, dueOn, pathOn } from "../src/lib/format/paths";
import vectors from "../../tests/vectors/paths.json";

/** The server's own expectations; fractions are written as "18/7". */
function number(written: number | string): number {
  const [above, below] = String(written).split("/").map(Number);
  return above! / (below ?? 1);
}

const knotsOf = ({ knots }: { knots: (string | number)[][] }) =>
  knots.map(([day, value]) => ({ day: String(day), value: Number(value) }));

describe("paths", () => {
  for (const each of vectors.filter((vector) => vector.asks !== null)) {
    it(`asks as the server does: ${each.name}`, () => {
      expect(pathOn(knotsOf(each), each.today)).toBeCloseTo(number(each.asks!), 9);
    });
  }

  for (const each of vectors) {
    it(`knows what is due: ${each.name}`, () => {
      expect(dueOn(knotsOf(each), each.today, each.step)).toBeCloseTo(each.due, 9);
    });
  }

  it("lets milestones be due in any part", () => {
    const knots = [
      { day: "2026-01-01", value: 0 },
      { day: "2026-01-04", value: 1 },
    ];
    expect(dueOn(knots, "2026-01-02", null)).toBeCloseTo(1 / 3, 9);
  });

  it("writes numbers without false precision", () => {
    expect([amount(18), amount(2 / 3), amount(12_345.5)]).toEqual(["18", "0.67", "12,345.5"]);
  });
});
