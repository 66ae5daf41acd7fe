import { expect, it } from "vitest";
import { diffPolicies } from "../../../src/policy/analysis/diff/diff-policies.ts";
import { compiled, policyFileWith } from "../../support/policy/policy-file.ts";

interface Side {
  /** What the route asks for besides a scope. */
  readonly route?: object;
  readonly binding?: object;
}

const issuer = (name: string) => ({
  issuer: `https://${name}.example`,
  profile: "rfc9068",
  audiences: ["api"],
  registeredClientsOnly: true,
});

/** The issuer `bearer` never binds its tokens. What the other one does is `binding`. */
const policyOf = ({ route, binding }: Side) =>
  compiled(
    policyFileWith({
      issuers: { bound: { ...issuer("bound"), ...(binding && { binding }) }, bearer: issuer("bearer") },
      resourceServers: { "https://api.example": { scopes: { read: "Read" } } },
      mtls: {},
      clients: { one: { issuer: "bound", scopes: ["read"] }, two: { issuer: "bearer", scopes: ["read"] } },
      routes: [{ path: "/x", methods: ["GET"], scopes: ["read"], upstream: "orders", ...route }],
    }),
  );

const MTLS = { mtls: "accepted" };
const BOUND = { senderConstrained: true };

// A requirement counted as the same although only one of the two asked for a bound token, and so did a client although
// only one of its tokens can be bound. The diff then told of no client, although the gateway refused some from then on.
it.each([
  {
    name: "a route asks for bound tokens",
    before: { binding: MTLS },
    after: { binding: MTLS, route: BOUND },
    lost: ["two"],
  },
  { name: "a route stops asking", before: { binding: MTLS, route: BOUND }, after: { binding: MTLS }, gained: ["two"] },
  {
    name: "the issuer no longer binds",
    before: { binding: MTLS, route: BOUND },
    after: { route: BOUND },
    lost: ["one"],
  },
  {
    name: "the issuer begins to bind",
    before: { route: BOUND },
    after: { binding: MTLS, route: BOUND },
    gained: ["one"],
  },
  { name: "a route without such a requirement stays", before: {}, after: { binding: MTLS } },
  {
    name: "both ask for bound tokens",
    before: { binding: MTLS, route: BOUND },
    after: { binding: MTLS, route: BOUND },
  },
  {
    name: "a route asks how the user authenticated, which each client is assumed to meet",
    before: { binding: MTLS },
    after: { binding: MTLS, route: { authentication: { acr: ["mfa"] } } },
  },
])("tells which clients gain and lose calls if $name", ({ before, after, gained = [], lost = [] }) => {
  const { clients } = diffPolicies(policyOf(before), policyOf(after));
  const names = (calls: "gained" | "lost"): readonly string[] =>
    clients.filter((client) => client[calls].length > 0).map(({ client }) => client);
  expect({ gained: names("gained"), lost: names("lost") }).toEqual({ gained, lost });
});
