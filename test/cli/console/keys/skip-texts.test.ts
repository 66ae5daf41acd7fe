import { describe, expect, it } from "vitest";
import { skipText } from "../../../../src/cli/console/keys/skip-texts.ts";
import { MAX_KEYS_OF_SET, MAX_KID_LENGTH } from "../../../../src/limits.ts";

describe("why a key is skipped", () => {
  it.each([
    { why: "private", expected: "The issuer has published a private key. Anyone can sign with it: replace it." },
    { why: "kid-too-long", expected: `The kid has more than ${MAX_KID_LENGTH.toLocaleString("en")} characters.` },
    {
      why: "too-many-keys",
      expected: `The issuer publishes more keys than the ${MAX_KEYS_OF_SET} that the gateway imports.`,
    },
    { why: "a-later-reason", expected: "" },
    { why: "toString", expected: "" },
    { why: "", expected: "" },
  ])("is told in a sentence, and in none for what this version does not know: $why", ({ why, expected }) => {
    expect(skipText(why)).toBe(expected);
  });
});
