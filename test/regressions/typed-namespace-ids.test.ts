import { expect, it } from "vitest";
import { isMadeUpId } from "../../src/cli/deploy/made-up.ts";

it.each(["12345678901234567890123456789012", "abcdefabcdefabcdefabcdefabcdefab", "11112222333344445555666677778888"])(
  "the typed id %s passed as that of a KV namespace",
  (id) => {
    expect(isMadeUpId(id)).toBe(true);
  },
);
