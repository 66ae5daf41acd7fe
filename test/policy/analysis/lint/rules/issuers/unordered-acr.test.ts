import { expect, it } from "vitest";
import { lintPolicy } from "../../../../../../src/policy/analysis/lint/lint-policy.ts";
import { compiled, policyFileWith } from "../../../../../support/policy/policy-file.ts";

const issuer = (name: string, acrOrder?: readonly string[]) => ({
  issuer: `https://${name}.example`,
  profile: "generic",
  audiences: ["api"],
  ...(acrOrder && { acrOrder }),
});
const ORDERED = issuer("ordered", ["password", "otp", "hardware"]);

function foundIn(issuers: Record<string, unknown>, acr: readonly string[], accepted?: readonly string[]) {
  const route = { path: "/r", methods: ["GET"], authenticated: true, authentication: { acr }, upstream: "orders" };
  const routes = [
    { ...route, ...(accepted && { issuers: accepted }) },
    { ...route, path: "/s", authentication: undefined },
    { ...route, path: "/t", ...(accepted && { issuers: accepted }) },
  ].map((it) => JSON.parse(JSON.stringify(it)));
  return lintPolicy(compiled(policyFileWith({ issuers, routes })), { routes: [], issuers: {} }).lints.flatMap(
    ({ code, path, message, hint }) => (code === "unordered-acr" ? [`${path.join(".")}: ${message} ${hint}`] : []),
  );
}

const told = (at: number, acr: string, hint: string) =>
  `routes.0.authentication.acr.${at}: The class \`${acr}\` is in no \`acrOrder\` of the accepted issuers. ${hint}`;
const ADD = "Add it to `acrOrder` where it belongs: until then it counts for itself only.";

it.each([
  { name: "a class in the order", issuers: { a: ORDERED }, acr: ["otp"], expected: [] },
  {
    name: "a misspelt class",
    issuers: { a: ORDERED },
    acr: ["opt"],
    expected: [told(0, "opt", "Did you mean `otp`?")],
  },
  {
    name: "a class that is far from all",
    issuers: { a: ORDERED },
    acr: ["otp", "urn:x:y"],
    expected: [told(1, "urn:x:y", ADD)],
  },
  { name: "a class where nothing is ordered", issuers: { a: issuer("a") }, acr: ["opt"], expected: [] },
  {
    name: "a class that an issuer without an order may have",
    issuers: { a: ORDERED, b: issuer("b") },
    acr: ["opt"],
    expected: [],
  },
  {
    name: "a class of another issuer's order",
    issuers: { a: ORDERED, b: issuer("b", ["c1"]) },
    acr: ["c1"],
    expected: [],
  },
  {
    name: "a class of an issuer that the route does not accept",
    issuers: { a: ORDERED, b: issuer("b", ["c1"]) },
    acr: ["c1"],
    accepted: ["a"],
    expected: [told(0, "c1", ADD)],
  },
])("$name", ({ issuers, acr, accepted, expected }) => {
  expect(foundIn(issuers, acr, accepted)).toEqual(expected);
});
