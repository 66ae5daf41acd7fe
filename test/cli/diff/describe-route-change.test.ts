import { expect, it } from "vitest";
import { describeRouteChange, exampleLines, requirementChange } from "../../../src/cli/diff/describe-route-change.ts";
import { diffPolicies } from "../../../src/policy/analysis/diff/diff-policies.ts";
import { compiled, policyFileWith } from "../../support/policy/policy-file.ts";

const cognito = (issuer: string) => ({ issuer, profile: "cognito" });
const ISSUERS = { cognito: cognito("https://issuer.example"), partner: cognito("https://partner.example") };
const ROUTE = { path: "/stock", methods: ["GET"], authenticated: true, upstream: "orders" };
const policyWith = (route: object, members: object = {}) =>
  compiled(policyFileWith({ issuers: ISSUERS, routes: [{ ...ROUTE, ...route }], ...members }));

it("names the issuer whose tokens gain or lose", () => {
  const [one, both] = [policyWith({ issuers: ["cognito"] }), policyWith({ issuers: ["cognito", "partner"] })];
  const described = (before: typeof one, after: typeof one) =>
    diffPolicies(before, after)
      .routes.filter(({ kind }) => kind !== "headers")
      .map((change) => describeRouteChange(change, before, after));
  const [there] = described(one, both);
  expect(there).toMatchObject({ kind: "looser", gained: [], gainedBy: { issuer: "partner" }, lostBy: undefined });
  expect(there && requirementChange(there)).toBe("any token, from cognito -> any token, from cognito or partner");
  expect(there && exampleLines(there)).toEqual([
    "GET /stock is now permitted with a token without scopes, from partner",
  ]);
  const [back] = described(both, one);
  expect(back).toMatchObject({ kind: "tighter", lostBy: { issuer: "partner" }, gainedBy: undefined });
});

it("tells of a resource server that more issuers may grant, by itself and at the routes that it opens", () => {
  const server = (issuers: readonly string[]) => ({
    resourceServers: { api: { issuers, scopes: { "read:orders": "" } } },
  });
  const route = { authenticated: undefined, scopes: ["read:orders"] };
  const [before, after] = [["cognito"], ["cognito", "partner"]].map((issuers) =>
    compiled(
      JSON.parse(
        JSON.stringify({
          ...policyFileWith({ issuers: ISSUERS, routes: [{ ...ROUTE, ...route }] }),
          ...server(issuers),
        }),
      ),
    ),
  );
  if (!before || !after) throw new Error("two policies");
  const { routes, settings } = diffPolicies(before, after);
  expect(settings.map(({ kind, path, message }) => [kind, path.join("."), message])).toEqual([
    [
      "looser",
      "resourceServers.api.issuers",
      "Tokens from https://partner.example may now grant its scopes, such as api/read:orders.",
    ],
  ]);
  expect(routes.map(({ kind, gained, gainedBy }) => [kind, gained, gainedBy?.name])).toEqual([
    ["looser", ["api/read:orders"], "partner"],
  ]);
  expect(diffPolicies(after, before).settings.map(({ kind }) => kind)).toEqual(["tighter"]);
});
