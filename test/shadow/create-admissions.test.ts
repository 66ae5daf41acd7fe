import { expect, it } from "vitest";
import { Denial } from "../../src/answer/denial.ts";
import { MAX_SHADOW_SCOPE_SETS } from "../../src/limits.ts";
import type { Policy } from "../../src/policy/policy.ts";
import { createAdmissions } from "../../src/shadow/create-admissions.ts";
import { type Admission, admit } from "../../src/token/admit.ts";
import { compiled, policyFileWith } from "../support/policy/policy-file.ts";
import { claimsOf, NOW_MS } from "../support/token/tokens.ts";

const scopes = Array.from({ length: 12 }, (_, at) => `s${at}`);
const policy = compiled(
  policyFileWith({
    resourceServers: { api: { scopes: Object.fromEntries(scopes.map((name) => [name, ""])) } },
    routes: [{ path: "/orders", methods: ["GET"], scopes: ["s0"], upstream: "orders" }],
  }),
);
const candidate = compiled(
  policyFileWith({
    resourceServers: {
      api: {
        scopes: Object.fromEntries(
          scopes.map((name) => [name, { description: "", implies: name === "s0" ? [] : ["s0"] }]),
        ),
      },
    },
    routes: [{ path: "/orders", methods: ["GET"], scopes: ["s0"], upstream: "orders" }],
  }),
);

/** The nth set of scopes. */
function tokenOf(nth: number, under: Policy = policy): Admission {
  const scope = scopes.filter((_, at) => (nth >> at) & 1).map((name) => `api/${name}`);
  const claims = claimsOf({ iss: "https://issuer.example", token_use: "access", scope: scope.join(" ") });
  const [issuer] = under.issuers.values();
  const admission = issuer && admit(claims, issuer, under, NOW_MS);
  if (admission === undefined || admission instanceof Denial) throw new Error("The token is valid.");
  return admission;
}

it("a token grants what it grants under the candidate", () => {
  const admissionOf = createAdmissions(candidate, () => NOW_MS);
  const token = tokenOf(0b10);
  const admission = admissionOf(token);
  expect(token.granted.effective).toEqual(new Set(["api/s1"]));
  expect(admission).toMatchObject({ granted: { effective: new Set(["api/s1", "api/s0"]) } });
});

it("is worked out once for each token, and its scopes are shared", () => {
  const admissionOf = createAdmissions(candidate, () => NOW_MS);
  const [token, other] = [tokenOf(0b10), tokenOf(0b10)];
  const [admission, again] = [admissionOf(token), admissionOf(other)];
  if (admission instanceof Denial || again instanceof Denial) throw new Error("The tokens are valid.");
  expect(admissionOf(token)).toBe(admission);
  expect(again).not.toBe(admission);
  expect(again.granted).toBe(admission.granted);
});

it("remembers so many sets of scopes, and admits tokens with others anew", () => {
  const admissionOf = createAdmissions(candidate, () => NOW_MS);
  const isRemembered = (token: Admission) => {
    const first = admissionOf(token);
    return admissionOf(token) === first;
  };
  const tokens = Array.from({ length: MAX_SHADOW_SCOPE_SETS + 1 }, (_, nth) => tokenOf(nth));
  expect(tokens.map(isRemembered)).toEqual(tokens.map((_, nth) => nth < MAX_SHADOW_SCOPE_SETS));
  expect(admissionOf(tokenOf(MAX_SHADOW_SCOPE_SETS))).toMatchObject({ granted: { issuer: "main" } });
});

it("throws for a candidate without the token's issuer", () => {
  const admissionOf = createAdmissions({ ...candidate, issuers: new Map() }, () => NOW_MS);
  expect(() => admissionOf(tokenOf(1))).toThrow("The candidate lacks an issuer of the policy.");
});
