import { expect, it } from "vitest";
import { kindIn, languageOf, wordsIn } from "../src/lib/format/stopping";
import { DIGESTS, KINDS, REPORTS } from "../src/lib/ui/notifications/kinds";

it("speaks the language of the mail, else one of the browser, else English", () => {
  expect(languageOf(["de-AT", "fr"])).toBe("de");
  expect(languageOf([null, "pl", "es_MX", "fr"])).toBe("es");
  expect(languageOf([null, "constructor", "pl"])).toBe("en");
});

it("calls each kind what the settings call it, and no other thing a kind", () => {
  for (const [kind, name] of [...KINDS, ...DIGESTS, ...REPORTS])
    expect(kindIn(wordsIn("en"), kind)).toBe(name);
  expect(kindIn(wordsIn("fr"), "toString")).toBeUndefined();
});
