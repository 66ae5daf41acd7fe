import { expect, it } from "vitest";
import { assumedCaller, nobody } from "../../src/explain/caller.ts";
import { explainRequest } from "../../src/explain/explain-request.ts";
import { compiled, policyFileWith } from "../support/policy/policy-file.ts";

const HINT = "A token is optional here. Without one, the request would pass this stage.";
const generic = { profile: "generic", audiences: ["https://api.example"] };
const [upstream, methods] = ["orders", ["GET"]];
const policy = compiled(
  policyFileWith({
    issuers: {
      main: { issuer: "https://main.example", ...generic },
      partner: { issuer: "https://partner.example", ...generic },
    },
    clients: { web: { issuer: "main", scopes: [] } },
    routes: [
      { path: "/optional", methods, optional: true, issuers: ["partner"], upstream },
      { path: "/any", methods, optional: true, upstream },
      { path: "/needed", methods, authenticated: true, issuers: ["partner"], upstream },
    ],
  }),
);
const web = assumedCaller({ client: policy.clients.get("web"), scopes: undefined }, policy);

it.each([
  { name: "if the optional token is refused", path: "/optional", caller: web, outcome: "refused", isSaid: true },
  { name: "not if it is accepted", path: "/any", caller: web, outcome: "forwarded", isSaid: false },
  { name: "not if there is no token", path: "/optional", caller: nobody, outcome: "forwarded", isSaid: false },
  { name: "not if the route needs a token", path: "/needed", caller: web, outcome: "refused", isSaid: false },
])("a hint says that a token is optional $name", async ({ path, caller, outcome, isSaid }) => {
  const found = await explainRequest(policy, { method: "GET", url: `https://gw.example${path}` }, caller);
  expect(found.outcome).toBe(outcome);
  expect(found.hints.includes(HINT)).toBe(isSaid);
});
