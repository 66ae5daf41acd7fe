import { afterEach, describe, expect, it, vi } from "vitest";
import { createExplainWorld, ISSUER } from "../../../support/cli/explain-world.ts";
import { scopegate } from "../../../support/cli/run-scopegate.ts";
import { whyAsker } from "../../../support/cli/why-page.ts";
import { accessClaims, createSigningKey, signClaims } from "../../../support/token/signing-key.ts";

const world = await createExplainWorld();
const why = whyAsker(world.policy);
const SCOPE = "https://api.myecommerce.com/read:orders";
const sign = (claims: Readonly<Record<string, unknown>>, header = {}) =>
  signClaims(world.key, accessClaims(ISSUER, claims), header);
const QUESTION = { method: "GET", path: "/orders/17" };

/** A value that JSON has a text for, but `JSON.stringify` has not: as that text. */
const nested = (levels: number) => ({ json: "[".repeat(levels) + "]".repeat(levels) });
const textOf = (value: unknown) =>
  typeof value === "object" && value !== null && "json" in value ? value.json : JSON.stringify(value);

/** What only a hostile author writes. */
const STRANGE_CLAIMS: readonly { readonly name: string; readonly claims: Readonly<Record<string, unknown>> }[] = [
  { name: "an issuer that is an object without a text", claims: { iss: { toString: 1 } } },
  { name: "an issuer in a list", claims: { iss: [ISSUER] } },
  { name: "an issuer that is nested deeply", claims: { iss: nested(5_000) } },
  { name: "a claim that is nested deeply", claims: { other: nested(5_000) } },
  { name: "an audience that is nested deeply", claims: { aud: nested(5_000) } },
  { name: "times that are nested deeply", claims: { exp: nested(2_000), nbf: nested(2_000) } },
  { name: "names of what every object has", claims: { constructor: { prototype: 1 }, toString: "a", valueOf: [] } },
];

/** The parts of a token that nothing may repeat. */
const partsOf = (token: string) => [token, ...token.split(".").filter((part) => part.length > 8)];

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("a pasted token", () => {
  it.each([
    { name: "with the scope", claims: { scope: SCOPE } },
    { name: "without scopes", claims: {} },
    { name: "that has expired", claims: { scope: SCOPE, exp: 1_700_000_000 } },
    { name: "of another issuer", claims: { scope: SCOPE, iss: "https://other.example" } },
    { name: "that is an ID token", claims: { token_use: "id" } },
    { name: "that is bound", claims: { scope: SCOPE, cnf: { jkt: "A".repeat(43) } } },
  ])("is judged as explain --token-file judges one $name", async ({ claims }) => {
    const token = await sign(claims);
    const file = world.scratch.write("token.txt", token);
    const args = ["GET", "/orders/17", "--policy", world.policy, "--token-file", file];
    const { stdout } = await scopegate("explain", ...args, "--json");
    const { stages, refusal, caller } = JSON.parse(stdout);
    const { html, text, status } = await why.byForm({ ...QUESTION, token });
    expect(status).toBe(200);
    const found = html.matchAll(/<b>(\w+)<\/b> <span class="outcome">([^<]+)</g);
    expect(Array.from(found, ([, stage, outcome]) => ({ stage, outcome }))).toEqual(stages);
    expect(text).toContain(caller.description);
    if (refusal) expect(text).toContain(`Refused: ${refusal.status} ${refusal.reason}. ${refusal.answer}`);
  });

  it("says that its signature is not verified", async () => {
    const { text } = await why.byForm({ ...QUESTION, token: await sign({ scope: SCOPE }) });
    expect(text).toContain("The signature was NOT verified");
    expect(text).toContain("Forwarded to orders, if the token's signature is valid.");
  });

  it.each([
    { name: "a good one", token: () => sign({ scope: SCOPE }) },
    { name: "one with a prefix and line breaks", token: async () => `\r\n Bearer ${await sign({ scope: SCOPE })}\r\n` },
    { name: "one that is malformed", token: async () => `${await sign({})}.more.parts` },
    { name: "an opaque one", token: async () => "s3cr3t-opaque-token-0123456789" },
    { name: "one with a token in its claims", token: async () => sign({ nested: await sign({ sub: "inner" }) }) },
  ])("is in no part of the answer, and in no link: $name", async ({ token: make }) => {
    const token = await make();
    const { html } = await why.byForm({ ...QUESTION, token });
    for (const part of partsOf(token.trim().replace("Bearer ", ""))) expect(html).not.toContain(part);
    expect(html).toContain('<a href="/why?method=GET&amp;path=/orders/17">The same request without a token</a>');
    expect(html).toMatch(/<textarea id="token"[^>]*><\/textarea>/);
  });

  it("is not in what is logged, also where the question is refused", async () => {
    const token = await sign({ scope: SCOPE });
    const lines: unknown[][] = [];
    for (const name of ["log", "error", "warn", "info", "debug"] as const) {
      vi.spyOn(console, name).mockImplementation((...line) => void lines.push(line));
    }
    await why.byForm({ ...QUESTION, token });
    await why.byForm({ ...QUESTION, token, client: "customer" });
    await why.byForm({ path: "no slash", token });
    vi.restoreAllMocks();
    expect(lines).toEqual([]);
  });

  it.each([
    { name: "beside a client", fields: { client: "customer" }, message: "Give either a token, or the properties of" },
    { name: "without a path", fields: { path: "" }, message: "The question has no path." },
    {
      name: "also in a field that an address has",
      fields: { scope: "eyJhbGciOiJub25lIn0.e30." },
      message: "looks like",
    },
    { name: "without a token after Bearer", fields: { token: "Bearer " }, message: "The token is empty." },
  ])("is forgotten, and the form says what is wrong: $name", async ({ fields, message }) => {
    const token = await sign({ scope: SCOPE });
    const { html, text, status } = await why.byForm({ ...QUESTION, token, ...fields });
    expect(status).toBe(400);
    expect(text).toContain(message);
    for (const part of partsOf(token)) expect(html).not.toContain(part);
    expect(html).not.toContain("eyJ");
  });

  it.each(STRANGE_CLAIMS)("is answered where its author wrote $name", async ({ claims }) => {
    const payload = Object.entries({ iss: ISSUER, ...claims }).map(([name, value]) => `"${name}":${textOf(value)}`);
    const parts = ['{"alg":"ES256","typ":"at+jwt","kid":"key-1"}', `{${payload.join()}}`, "signature"];
    const token = parts.map((part) => Buffer.from(part).toString("base64url")).join(".");
    const { text, status } = await why.byForm({ ...QUESTION, token });
    expect(status).toBe(200);
    expect(text).toContain("What the token says");
  });

  it("shows what its claims say, times as times, and no markup", async () => {
    const claims = { scope: SCOPE, exp: 4_102_444_800, sub: `"><script>alert(1)</script>\u202e\u001b[31m`, nbf: 1e300 };
    const { html, text } = await why.byForm({ ...QUESTION, token: await sign(claims) });
    expect(text).toContain("exp 4102444800 (2100-01-01T00:00:00.000Z)");
    expect(html).not.toContain("<script");
    expect(html).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}/u);
  });
});

describe("keys for a pasted token", () => {
  it("are asked for by no request, even if the token names an address", async () => {
    const fetch = vi.fn();
    vi.stubGlobal("fetch", fetch);
    const other = await createSigningKey("key-2");
    const header = { jku: "http://127.0.0.1:1/keys", kid: "key-2" };
    await why.byForm({ ...QUESTION, token: await signClaims(other, accessClaims(ISSUER, {}), header) });
    expect(fetch).not.toHaveBeenCalled();
  });
});
