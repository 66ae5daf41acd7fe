import { expect, it } from "vitest";
import { Denial } from "../../../../src/answer/denial.ts";
import { MAX_TOKEN_BYTES } from "../../../../src/limits.ts";
import { dpopOrBearerToken, triedScheme } from "../../../../src/token/binding/dpop/credentials.ts";

const LONGEST = "a".repeat(MAX_TOKEN_BYTES);

it.each([
  { header: null, scheme: "bearer", expected: "credentials-missing" },
  { header: "", scheme: "bearer", expected: "credentials-missing" },
  { header: "Bearer abc", scheme: "bearer", expected: "abc" },
  { header: "DPoP abc", scheme: "dpop", expected: "abc" },
  { header: "dpop   abc", scheme: "dpop", expected: "abc" },
  { header: `DPoP ${LONGEST}`, scheme: "dpop", expected: LONGEST },
  { header: `DPoP ${LONGEST}a`, scheme: "dpop", expected: "credentials-malformed" },
  { header: "DPoP", scheme: "dpop", expected: "credentials-malformed" },
  { header: "DPoP\tabc", scheme: "bearer", expected: "credentials-missing" },
  { header: "DPoPabc", scheme: "bearer", expected: "credentials-missing" },
  { header: "DPoP a, DPoP b", scheme: "dpop", expected: "credentials-malformed" },
  { header: "DPoP a, Bearer b", scheme: "dpop", expected: "credentials-malformed" },
  { header: "Bearer a, DPoP b", scheme: "bearer", expected: "credentials-malformed" },
  { header: "Basic a, DPoP b", scheme: "bearer", expected: "credentials-malformed" },
  { header: "Basic a", scheme: "bearer", expected: "credentials-missing" },
])("reads %j", ({ header, scheme, expected }) => {
  const token = dpopOrBearerToken(header);
  expect(token instanceof Denial ? token.reason : token).toBe(expected);
  expect(triedScheme(header)).toBe(scheme);
});
