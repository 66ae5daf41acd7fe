import { beforeAll, describe, expect, it } from "vitest";
import { type RecipeGateway, recipeGateway } from "../support/issuers/recipe-gateway.ts";
import { type Claims, createSigningKey, type SigningKey, signClaims } from "../support/token/signing-key.ts";

const API = "https://api.example";
const OPEN = "https://open.example";
const [OURS, PARTNER] = ["https://ours.example", "https://partner.example"];
const issuer = (iss: string) => ({ issuer: iss, profile: "cognito", algorithms: ["ES256"] });
const route = (method: string, requirement: object) => ({
  path: "/orders",
  methods: [method],
  ...requirement,
  upstream: "orders",
});

/** Both issuers may grant the scopes of one resource server, and only ours those of the other. */
const POLICY = {
  issuers: { ours: issuer(OURS), partner: issuer(PARTNER) },
  resourceServers: {
    [API]: { issuers: ["ours"], scopes: { read: "", admin: { description: "", implies: [`${OPEN}/list`] } } },
    [OPEN]: { scopes: { list: "", all: { description: "", implies: [`${API}/read`, "list"] } } },
  },
  clients: {
    admin: { issuer: "ours", scopes: ["read", "admin"] },
    theirs: { id: "admin", issuer: "partner", scopes: ["list"] },
  },
  upstreams: { orders: { url: "https://orders.example" } },
  routes: [
    route("GET", { scopes: [`${API}/read`] }),
    route("POST", { authenticated: true, issuers: ["ours"] }),
    route("PUT", { scopes: [`${OPEN}/list`], issuers: ["ours"] }),
    route("PATCH", { scopes: [`${OPEN}/list`] }),
    route("OPTIONS", { optional: true, issuers: ["ours"] }),
    route("DELETE", { public: true }),
  ],
};

/** Both issuers publish a key of their own under one `kid`. */
let keys: Readonly<Record<"ours" | "partner", SigningKey>>;
let gateway: RecipeGateway;

beforeAll(async () => {
  const [ours, partner] = await Promise.all([createSigningKey("shared"), createSigningKey("shared")]);
  keys = { ours, partner };
  const publish = ({ publicJwk }: SigningKey) => ({ keys: [publicJwk] });
  gateway = recipeGateway(POLICY, {
    [`${OURS}/.well-known/jwks.json`]: publish(ours),
    [`${PARTNER}/.well-known/jwks.json`]: publish(partner),
  });
});

/** A token with the same subject, client id, token id and `kid` from both issuers. */
function token(key: "ours" | "partner", scope: string, claims: Claims = {}): Promise<string> {
  return signClaims(keys[key], {
    iss: key === "ours" ? OURS : PARTNER,
    sub: "user-1",
    client_id: "admin",
    token_use: "access",
    jti: "token-1",
    scope,
    exp: 1_800_003_600,
    ...claims,
  });
}

describe("the token of a partner's issuer, with our subject, client id and `kid`,", () => {
  it.each([
    { name: "a scope of our resource server", method: "GET", scope: `${API}/read`, expected: "403 scope-insufficient" },
    { name: "its short name", method: "GET", scope: "read", expected: "403 scope-insufficient" },
    {
      name: "a scope of its own that implies ours",
      method: "GET",
      scope: `${OPEN}/all`,
      expected: "403 scope-insufficient",
    },
    {
      name: "a scope of ours that implies its own",
      method: "PATCH",
      scope: `${API}/admin`,
      expected: "403 scope-insufficient",
    },
    {
      name: "any token, where the route is ours",
      method: "POST",
      scope: `${API}/admin`,
      expected: "401 issuer-not-accepted",
    },
    {
      name: "the scope that the route needs",
      method: "PUT",
      scope: `${OPEN}/list`,
      expected: "401 issuer-not-accepted",
    },
    {
      name: "a token that may be left out",
      method: "OPTIONS",
      scope: `${OPEN}/list`,
      expected: "401 issuer-not-accepted",
    },
  ])("is refused with $name", async ({ method, scope, expected }) => {
    const text = await token("partner", scope);
    // Twice, because verified tokens are remembered.
    for (let time = 0; time < 2; time++) {
      expect(await gateway.call(method, text)).toEqual({ outcome: expected, scopes: undefined });
    }
    expect(await gateway.decide(method, text)).toBe(expected);
  });

  it.each([
    { name: "its own scope", method: "PATCH", scope: `${OPEN}/list`, scopes: [`${OPEN}/list`] },
    {
      name: "its own scope beside ours, which upstreams do not see",
      method: "PATCH",
      scope: `${API}/admin ${OPEN}/list`,
      scopes: [`${OPEN}/list`],
    },
    { name: "anything, on a public route", method: "DELETE", scope: `${API}/admin`, scopes: [] },
  ])("gets through with $name", async ({ method, scope, scopes }) => {
    expect(await gateway.call(method, await token("partner", scope))).toEqual({ outcome: "200", scopes });
  });

  it.each([
    { name: "our `iss` under its key", key: "partner", iss: OURS },
    { name: "its `iss` under our key", key: "ours", iss: PARTNER },
  ] as const)("is refused with $name", async ({ key, iss }) => {
    const text = await token(key, `${API}/read`, { iss });
    for (const method of ["GET", "POST", "PUT", "PATCH"]) {
      expect(await gateway.call(method, text)).toEqual({ outcome: "401 signature-invalid", scopes: undefined });
    }
  });
});

it.each([
  { name: "ours first", order: ["ours", "partner"] },
  { name: "the partner's first", order: ["partner", "ours"] },
] as const)("tokens that name the same scopes share nothing that is remembered: $name", async ({ order }) => {
  const scope = `${OPEN}/all ${OPEN}/list`;
  for (const key of [...order, ...order]) {
    const text = await token(key, scope);
    expect((await gateway.call("GET", text)).outcome).toBe(key === "ours" ? "200" : "403 scope-insufficient");
    expect(await gateway.call("PATCH", text)).toEqual({ outcome: "200", scopes: scope.split(" ") });
  }
});

it("our own token gets through everywhere that its scopes open", async () => {
  const text = await token("ours", `${API}/read ${API}/admin`);
  for (const method of ["GET", "POST", "PUT", "PATCH", "OPTIONS", "DELETE"]) {
    expect((await gateway.call(method, text)).outcome).toBe("200");
  }
});
