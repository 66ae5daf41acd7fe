/** The guide for issuers: its blocks, its tokens and its tables. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { RECIPE_NAMES } from "../../../src/cli/init/recipe.ts";
import { scopegate, scratchDirectory } from "../../support/cli/run-scopegate.ts";
import {
  API,
  claims,
  type Difference,
  ENTRA,
  OTHER_TENANT,
  OTHER_TENANTS_KEY,
} from "../../support/issuers/differences.ts";
import { OTHER_TOKENS } from "../../support/issuers/other-tokens.ts";
import { changed, type RecipeGateway, recipeGateway } from "../../support/issuers/recipe-gateway.ts";
import { ROW_TOKENS } from "../../support/issuers/row-tokens.ts";
import { listedRecipes, shownRecipes } from "../../support/issuers/shown-recipes.ts";
import { createSigningKey, type SigningKey, signClaims } from "../../support/token/signing-key.ts";

/** Where each vendor says that its keys are. */
const KEYS: Readonly<Record<string, string>> = {
  cognito: "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_A1b2C3d4E/.well-known/jwks.json",
  entra: `${ENTRA}/5d1ae7f3-1c5e-4a8e-9e53-0b6f2c1d7a90/discovery/v2.0/keys`,
  "entra-tenants": `${ENTRA}/common/discovery/v2.0/keys`,
  okta: "https://dev-12345678.okta.com/oauth2/default/v1/keys",
  auth0: "https://acme.eu.auth0.com/.well-known/jwks.json",
  keycloak: "https://sso.example.com/realms/shop/protocol/openid-connect/certs",
  google: "https://www.googleapis.com/oauth2/v3/certs",
  clerk: "https://clerk.example.com/.well-known/jwks.json",
  workos: "https://api.workos.com/sso/jwks/client_01HXYZ2345ABCDEFGHJKMNPQRS",
  zitadel: "https://acme-a1b2c3.zitadel.cloud/oauth/v2/keys",
};

const recipes = shownRecipes();
const scratch = scratchDirectory();
let key: SigningKey;

beforeAll(async () => {
  key = await createSigningKey("key-1", "RS256");
});

function recipe(name: string) {
  const found = recipes.find((it) => it.name === name);
  if (found === undefined) throw new Error(`The guide has no recipe ${name}.`);
  return found;
}

/** A gateway with the block of a recipe, and the key set of the vendor at the vendor's address. */
function gatewayOf(name: string): RecipeGateway {
  const { policy, token } = recipe(name);
  const published = { ...key.publicJwk, alg: "RS256" };
  const tenants = name === "entra-tenants";
  const keys = [
    { ...published, kid: token.header["kid"], ...(tenants && { issuer: `${ENTRA}/{tenantid}/v2.0` }) },
    ...(tenants ? [{ ...published, kid: OTHER_TENANTS_KEY, issuer: `${ENTRA}/${OTHER_TENANT}/v2.0` }] : []),
  ];
  const address = KEYS[name] ?? KEYS[name.split("-")[0] ?? ""] ?? "";
  return recipeGateway(policy, { [address]: { keys } });
}

/** The token of a recipe with a difference, signed with the vendor's key. */
async function signed(name: string, difference: Difference = {}): Promise<string> {
  if (typeof difference === "string") return difference;
  const { header, claims: all } = changed(recipe(name).token, difference);
  const { alg, ...rest } = header;
  const token = await signClaims(key, all, rest);
  // A library does not sign with RSA under the name of another algorithm.
  return alg === "RS256"
    ? token
    : [Buffer.from(JSON.stringify(header)).toString("base64url"), ...token.split(".").slice(1)].join(".");
}

describe("the recipes of the guide", () => {
  it("are those that init knows, and the table at the top lists them", () => {
    expect(recipes.map(({ name }) => name)).toEqual(RECIPE_NAMES);
    expect(listedRecipes()).toEqual(RECIPE_NAMES);
  });

  it.each(recipes)("are what init writes: $name", async ({ name, command, policy }) => {
    const file = join(scratch.path, `${name}.json`);
    const rest = ["--resource-server", API, "--upstream", "orders=https://orders.example.com"];
    const run = await scopegate(...command, ...rest, "--offline", "--policy", file);
    expect(run).toMatchObject({ exitCode: 0 });
    const { $schema, ...written } = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
    expect(written).toEqual(policy);
    expect($schema).toBeDefined();
  });

  it.each(recipes)("have nothing that check warns of: $name", async ({ name, policy }) => {
    const file = scratch.write(`${name}-shown.json`, policy);
    const { exitCode, stdout } = await scopegate("check", "--policy", file, "--json", "--strict");
    const { findings } = JSON.parse(stdout) as { findings: readonly { readonly severity: string }[] };
    expect({ exitCode, findings: findings.filter(({ severity }) => severity !== "notice") }).toEqual({
      exitCode: 0,
      findings: [],
    });
  });

  it.each(recipes)("let the token of the guide do what it says: $name", async ({ name, grants }) => {
    const gateway = gatewayOf(name);
    const token = await signed(name);
    const mayWrite = grants.includes("write:orders");
    const scopes = grants.map((scope) => `${API}/${scope}`);
    expect(grants.length).toBeGreaterThan(0);
    expect(await gateway.call("GET", token)).toEqual({ outcome: "200", scopes });
    expect(await gateway.call("POST", token)).toEqual({
      outcome: mayWrite ? "200" : "403 scope-insufficient",
      scopes: mayWrite ? scopes : undefined,
    });
  });

  it.each(recipes)("have tables whose rows are all tried: $name", ({ name, rows }) => {
    expect(Object.keys(ROW_TOKENS[name] ?? {})).toEqual(rows.map(({ token }) => token));
  });

  it.each(recipes.flatMap(({ name, rows }) => rows.map((row) => ({ name, ...row }))))(
    "answer a token $token as the table says: $name, $answer",
    async ({ name, token, answer }) => {
      const gateway = gatewayOf(name);
      for (const difference of ROW_TOKENS[name]?.[token] ?? []) {
        const { outcome, scopes } = await gateway.call("GET", await signed(name, difference));
        expect([outcome, scopes === undefined]).toEqual([answer, answer !== "200"]);
      }
    },
  );

  it.each(
    Object.entries(OTHER_TOKENS).flatMap(([recipe, cases]) =>
      cases.map(([name, may, change]) => ({ recipe, name, may, change })),
    ),
  )("answer other tokens of the product: $recipe, $name, $may", async ({ recipe: name, change, may }) => {
    const gateway = gatewayOf(name);
    const token = await signed(name, change);
    for (const method of ["GET", "POST"]) {
      const { outcome, scopes } = await gateway.call(method, token);
      const expected = may.includes(method) ? "200" : may.startsWith("401") ? may : "403 scope-insufficient";
      expect([method, outcome, scopes === undefined]).toEqual([method, expected, expected !== "200"]);
      if (!may.includes("key-unknown")) expect(await gateway.decide(method, token)).toBe(expected);
    }
  });

  it.each(recipes)("refuse a token that another key signed, or that has run out: $name", async ({ name }) => {
    const gateway = gatewayOf(name);
    const token = await signed(name);
    const forged = `${token.slice(0, token.lastIndexOf("."))}.${(await signed(name, claims({ jti: "x" }))).split(".")[2]}`;
    expect(await gateway.call("GET", forged)).toEqual({ outcome: "401 signature-invalid", scopes: undefined });
    const old = await signed(name, claims({ exp: 1_799_999_000, iat: 1_799_990_000, nbf: 1_799_990_000 }));
    expect(await gateway.call("GET", old)).toEqual({ outcome: "401 token-expired", scopes: undefined });
  });
});

describe("a user of Entra ID with an app role", () => {
  it("may write in an application that may only read, as the guide warns", async () => {
    const token = await signed("entra-roles", claims({ scp: "read:orders" }));
    expect(await gatewayOf("entra-roles").call("POST", token)).toMatchObject({ outcome: "200" });
  });
});

describe("a token of Okta's organization server", () => {
  it("is refused for its type if the policy names that server", async () => {
    const { policy, token } = recipe("okta");
    const organization = "https://dev-12345678.okta.com";
    const issuers = {
      main: { ...(policy["issuers"] as { main: object }).main, issuer: organization, audiences: [organization] },
    };
    const gateway = recipeGateway({ ...policy, issuers }, {});
    const { claims: all } = changed(token, { claims: { iss: organization, aud: organization } });
    const header = { kid: "key-1", typ: "application/okta-internal-at+jwt" };
    expect(await gateway.call("GET", await signClaims(key, all, header))).toEqual({
      outcome: "401 token-type-mismatch",
      scopes: undefined,
    });
  });
});
