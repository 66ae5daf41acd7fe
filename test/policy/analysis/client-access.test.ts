import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Denial } from "../../../src/answer/denial.ts";
import { acceptsUnregistered, accessTo, clientAccess, holderOf } from "../../../src/policy/analysis/client-access.ts";
import type { Client, Issuer, Policy } from "../../../src/policy/policy.ts";
import { admit } from "../../../src/token/admit.ts";
import { clientOf as nameOf } from "../../../src/token/standard-claims.ts";
import { API, clientOf, EXAMPLE_SCOPES, issuerOf, policyOf } from "../../support/policy/example-policy.ts";
import { compiled } from "../../support/policy/policy-file.ts";
import { permits, runs } from "../../support/policy/random-policy.ts";

const customer = clientOf("customer", [`${API}/read:orders`]);
const audiences = (...names: string[]): ReadonlySet<string> => new Set(names);

describe("holderOf", () => {
  const write = `${API}/write:orders`;
  const clients = new Map([[customer.id, customer]]);
  const of = (issuer: Issuer, iss = issuer.issuer, id = "customer") => {
    const found = holderOf(policyOf([issuer], EXAMPLE_SCOPES, { clients }), iss, id, [write]);
    return found && [...found.effective];
  };

  it.each([
    {
      name: "all that is held and implied, where nothing restricts it",
      found: of(issuerOf()),
      expected: [write, `${API}/read:orders`],
    },
    {
      name: "of that only what is registered, where clients are restricted",
      found: of(issuerOf({ registeredClientsOnly: true })),
      expected: [],
    },
    {
      name: "nothing to a client that is not registered and has to be",
      found: of(issuerOf({ registeredClientsOnly: true }), undefined, "web"),
      expected: undefined,
    },
    {
      name: "nothing to a client outside the audiences",
      found: of(issuerOf({ audiences: audiences("web") })),
      expected: undefined,
    },
    {
      name: "nothing to a token of an unknown issuer",
      found: of(issuerOf(), "https://other.example"),
      expected: undefined,
    },
  ])("gives $name", ({ found, expected }) => {
    expect(found).toEqual(expected);
  });
});

describe("clientAccess", () => {
  it("knows no token where the policy has no issuer", () => {
    const clients = new Map([["customer", { ...customer, issuer: undefined }]]);
    expect(clientAccess(policyOf([], EXAMPLE_SCOPES, { clients }))).toMatchObject([
      { holder: undefined, widest: undefined },
    ]);
  });
});

describe("acceptsUnregistered", () => {
  it.each([
    { name: "an issuer that restricts clients", issuer: issuerOf({ registeredClientsOnly: true }), expected: false },
    { name: "an issuer that does not", issuer: issuerOf(), expected: true },
    {
      name: "an issuer whose audiences are the registered clients",
      issuer: issuerOf({ audiences: audiences("customer") }),
      expected: false,
    },
    {
      name: "an issuer with one more client",
      issuer: issuerOf({ audiences: audiences("customer", "web") }),
      expected: true,
    },
    {
      name: "an issuer with an audience that any client can ask for",
      issuer: issuerOf({ audiences: audiences("https://api.example") }),
      expected: true,
    },
  ])("answers $name with $expected", ({ issuer, expected }) => {
    const policy = policyOf([issuer], EXAMPLE_SCOPES, { clients: new Map([[customer.id, customer]]) });
    expect(acceptsUnregistered(issuer, policy)).toBe(expected);
  });
});

/** What a client may ask its issuer for: Cognito binds a token to a URL, and others choose from what they accept. */
const AUDIENCES = ["one", "two", "else", "https://s", "https://t", "https://ours.example"];
const issuer = fc.record({
  profile: fc.constantFrom("cognito", "rfc9068", "generic"),
  audiences: fc.subarray(AUDIENCES, { minLength: 1 }),
  hasAudiences: fc.boolean(),
  audienceClaims: fc.option(
    fc.shuffledSubarray(["aud", "client_id", "azp", "cid", "/org/for", "iss"], { minLength: 1 }),
  ),
  registeredClientsOnly: fc.boolean(),
  scopeNames: fc.constantFrom("full", "short"),
});
const scopes = fc.subarray(["https://s/p", "https://s/q", "https://t/p"]);
const policyFile = fc
  .record({
    ours: issuer,
    partner: issuer,
    one: scopes,
    two: scopes,
    required: fc.array(
      scopes.filter((it) => it.length > 0),
      { minLength: 1, maxLength: 3 },
    ),
  })
  .map(({ ours, partner, one, two, required }) => {
    const issuerOfFile = (iss: string, { hasAudiences, audiences: listed, audienceClaims, ...rest }: typeof ours) => ({
      issuer: iss,
      ...rest,
      ...((hasAudiences || rest.profile !== "cognito") && { audiences: listed }),
      ...(audienceClaims !== null && rest.profile !== "rfc9068" && { audienceClaims }),
    });
    return {
      issuers: {
        ours: issuerOfFile("https://ours.example", ours),
        partner: issuerOfFile("https://partner.example", partner),
      },
      resourceServers: {
        "https://s": { scopes: { p: "", q: { description: "", implies: ["https://s/p"] } } },
        "https://t": { scopes: { p: "" } },
      },
      clients: {
        one: { issuer: "ours", scopes: one },
        two: { issuer: "partner", scopes: two },
        alias: { id: "one", issuer: "partner", scopes: [] },
      },
      upstreams: { u: { url: "https://u.example" } },
      routes: [
        ...required.map((names, at) => ({ path: `/${at}`, methods: ["GET"], scopes: { allOf: names }, upstream: "u" })),
        { path: "/me", methods: ["GET"], authenticated: true, upstream: "u" },
        { path: "/open", methods: ["GET"], public: true, upstream: "u" },
      ],
    };
  });

/**
 * Every token that the issuer can give the client, as the gateway judges it: the granted scopes of those it accepts.
 */
function grantsOf(
  policy: Policy,
  client: Client,
  held: readonly (readonly string[])[],
): readonly (readonly string[])[] {
  const of = [...policy.issuers.values()].find(({ name }) => name === client.issuer);
  if (of === undefined) return [];
  const urls = AUDIENCES.filter((it) => it.includes(":"));
  const auds = of.profile === "cognito" ? [undefined, ...urls] : [...AUDIENCES, AUDIENCES];
  // A token names its client in one claim at least, and Cognito's in `client_id`. It may have any other claim.
  const [first] = of.audiences ?? [];
  const places = [
    { client_id: client.id },
    ...(of.profile === "cognito" ? [] : [{ azp: client.id }, { cid: client.id }, { appid: client.id }]),
  ];
  const more = [{}, { azp: client.id }, { azp: first }, { cid: client.id }, { cid: first }, { org: { for: first } }];
  const named = places.flatMap((place) => more.map((other) => ({ ...other, ...place })));
  const shapes = auds.flatMap((aud) => named.map((it) => ({ ...it, aud })).filter((it) => nameOf(it) === client.id));
  return shapes.flatMap((shape) =>
    held.flatMap((names) => {
      const claims = {
        iss: of.issuer,
        ...shape,
        sub: "s",
        jti: "j",
        iat: 0,
        token_use: "access",
        scope: names.join(" "),
        exp: 2,
      };
      const admission = admit(claims, of, policy, 1000);
      return admission instanceof Denial ? [] : [admission.granted.names];
    }),
  );
}

const EVERY_SCOPE = ["https://s/p", "https://s/q", "https://t/p"];

describe("what a client can do", () => {
  it("is what the gateway does with the tokens that it can get", () => {
    fc.assert(
      fc.property(policyFile, (file) => {
        const policy = compiled(file);
        for (const access of clientAccess(policy)) {
          const { client } = access;
          const own = grantsOf(policy, client, [[...client.scopes]]);
          const any = grantsOf(policy, client, [EVERY_SCOPE]);
          for (const route of policy.routes) {
            const opens = (granted: readonly (readonly string[])[]): boolean =>
              permits(policy, route, undefined) || granted.some((names) => permits(policy, route, names));
            const expected = opens(own) ? "yes" : opens(any) ? "unenforced" : "no";
            expect([client.name, route.path, accessTo(route.requirement, access)]).toEqual([
              client.name,
              route.path,
              expected,
            ]);
          }
        }
      }),
      runs(300),
    );
  });

  it("is not told of clients that no registration names, except whether there are any", () => {
    fc.assert(
      fc.property(policyFile, (file) => {
        const policy = compiled(file);
        for (const of of policy.issuers.values()) {
          // An audience can be the id of a client, even if it looks like an address.
          const strangers = AUDIENCES.filter((id) => !policy.registrations.get(of.name)?.has(id));
          const isAccepted = strangers.some((id) => grantsOf(policy, clientOf(id, [], of.name), [[]]).length > 0);
          expect([of.name, acceptsUnregistered(of, policy)]).toEqual([of.name, isAccepted]);
        }
      }),
      runs(300),
    );
  });
});
