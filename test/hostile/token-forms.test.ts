/** Texts in another form than a signed token of claims, against the built Worker: none reaches the upstream. */
import fc from "fast-check";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { statusAndReason } from "../support/e2e/call.ts";
import { type HostileToken, startTokenWorld } from "../support/hostile/token-world.ts";
import { part } from "../support/token/forger.ts";

const world = await startTokenWorld();
const { expectRefused, forger, present, upstream } = world;

afterAll(world.dispose);
beforeEach(() => {
  upstream.received.length = 0;
});

describe("a token in another form is refused", () => {
  it.each<HostileToken>([
    {
      name: "one signed token in another",
      forge: async () => forger.signTexts(forger.texts({ header: { cty: "JWT" } })[0], await forger.sign()),
      expected: "401 token-malformed",
    },
    {
      name: "one signed token in a claim of another, which has the claims otherwise missing",
      forge: async () => forger.sign({ claims: { jwt: await forger.sign(), sub: undefined } }),
      expected: "401 claim-missing",
    },
    {
      name: "an encrypted token",
      forge: () => [part('{"alg":"dir","enc":"A256GCM"}'), "", "AAAA", "AAAA", "AAAA"].join("."),
      expected: "401 token-malformed",
    },
    {
      name: "an encrypted token around a signed one",
      forge: async () =>
        [part('{"alg":"RSA-OAEP","enc":"A256GCM","cty":"JWT"}'), "AA", "AA", part(await forger.sign()), "AA"].join("."),
      expected: "401 token-malformed",
    },
    {
      name: "a detached payload",
      forge: async () => (await forger.sign()).replace(/\..*\./, ".."),
      expected: "401 token-malformed",
    },
    { name: "a header alone", forge: () => part(forger.texts()[0]), expected: "401 token-malformed" },
    { name: "nothing but full stops", forge: () => "..", expected: "401 token-malformed" },
    { name: "a fourth part", forge: async () => `${await forger.sign()}.AAAA`, expected: "401 token-malformed" },
    {
      name: "the JSON serialization",
      forge: async () => {
        const [header, payload, signature] = (await forger.sign()).split(".");
        return JSON.stringify({ payload, signatures: [{ protected: header, signature }] });
      },
      expected: "400 credentials-malformed",
    },
    {
      name: "the flattened JSON serialization as base64url",
      forge: async () => {
        const [header, payload, signature] = (await forger.sign()).split(".");
        return part(JSON.stringify({ payload, protected: header, signature }));
      },
      expected: "401 token-malformed",
    },
    {
      name: "two tokens",
      forge: async () => `${await forger.sign()} ${await forger.sign()}`,
      expected: "400 credentials-malformed",
    },
    { name: "a token in quotes", forge: async () => `"${await forger.sign()}"`, expected: "400 credentials-malformed" },
    {
      name: "a token of more than 16 KiB",
      forge: () => forger.sign({ claims: { x: "x".repeat(16_000) } }),
      expected: "400 credentials-malformed",
    },
  ])("$name", expectRefused);
});

describe("a payload that is no object of claims is refused", () => {
  it.each<HostileToken>(
    [
      "",
      "null",
      "[]",
      '"{}"',
      "1",
      "true",
      "{",
      "{}{}",
      "\u{feff}{}",
      "{'a':1}",
      '{"iss":}',
      "// {}",
      "[".repeat(5_000),
    ].map((payload) => ({
      name: JSON.stringify(payload.slice(0, 20)),
      forge: () => forger.signTexts(forger.texts()[0], payload),
      expected: "401 token-malformed",
    })),
  )("$name", expectRefused);

  it.each<HostileToken>([
    { name: "an empty object", forge: () => forger.signTexts(forger.texts()[0], "{}"), expected: "401 claim-missing" },
    {
      name: "claims under __proto__",
      forge: () => forger.signTexts(forger.texts()[0], `{"__proto__":${forger.texts()[1]}}`),
      expected: "401 claim-missing",
    },
    {
      name: "a header under __proto__",
      forge: () => forger.signTexts(`{"__proto__":${forger.texts()[0]}}`, forger.texts()[1]),
      expected: "401 token-malformed",
    },
  ])("$name", expectRefused);
});

describe("a spelling that is not the one of its bytes is refused", () => {
  const respelled = (change: (parts: string[]) => string) => async () => {
    // Lengths of which base64url leaves bits over; a space more or less does not change what the JSON says.
    const [header, payload] = forger.texts().map((text) => (Buffer.byteLength(text) % 3 === 0 ? `${text} ` : text));
    return change((await forger.signTexts(header ?? "", payload ?? "")).split("."));
  };
  const withLastCharacter = (text: string): string =>
    text.slice(0, -1) + String.fromCharCode(text.charCodeAt(text.length - 1) + 1);
  const replacing = (at: number, change: (text: string) => string) =>
    respelled((parts) => parts.map((text, index) => (index === at ? change(text) : text)).join("."));
  it.each<HostileToken>(
    ["header", "payload", "signature"].flatMap((name, at) => [
      {
        name: `leftover bits in the ${name}`,
        forge: replacing(at, withLastCharacter),
        expected: "401 token-malformed",
      },
      {
        name: `a character too few in the ${name}`,
        forge: replacing(at, (text) => `${text}AAAA`.slice(0, text.length + ((5 - (text.length % 4)) % 4))),
        expected: "401 token-malformed",
      },
      {
        name: `a plus sign in the ${name}`,
        forge: replacing(at, (text) => `+${text.slice(1)}`),
        expected: "401 token-malformed",
      },
      {
        name: `a slash in the ${name}`,
        forge: replacing(at, (text) => `/${text.slice(1)}`),
        expected: "401 token-malformed",
      },
      {
        name: `a tilde in the ${name}`,
        forge: replacing(at, (text) => `~${text.slice(1)}`),
        expected: "401 token-malformed",
      },
      {
        name: `a space in the ${name}`,
        forge: replacing(at, (text) => `${text.slice(0, 4)} ${text.slice(4)}`),
        expected: "400 credentials-malformed",
      },
      {
        name: `a tab in the ${name}`,
        forge: replacing(at, (text) => `${text.slice(0, 4)}\t${text.slice(4)}`),
        expected: "400 credentials-malformed",
      },
      {
        name: `padding behind the ${name}`,
        forge: replacing(at, (text) => `${text}=`),
        expected: at === 2 ? "401 token-malformed" : "400 credentials-malformed",
      },
    ]),
  )("$name", expectRefused);
});

const SEED = 20_261_124;

describe("a good token with a change anywhere", () => {
  it.each([
    { name: "of ES256", forge: () => forger.sign() },
    { name: "of RS256", forge: () => forger.sign({ key: forger.keys.mainRsa }) },
  ])(
    "is refused, $name",
    async ({ forge }) => {
      const token = await forge();
      expect(statusAndReason(await present(token))).toBe("200");
      upstream.received.length = 0;
      const position = fc.integer({ min: 0, max: token.length - 1 });
      const character = fc.constantFrom(..."ABZabz019-_.~+/=");
      const change = fc.oneof(
        fc.tuple(position, character).map(([at, text]) => token.slice(0, at) + text + token.slice(at + 1)),
        fc.tuple(position, character).map(([at, text]) => token.slice(0, at) + text + token.slice(at)),
        position.map((at) => token.slice(0, at) + token.slice(at + 1)),
        position.map((at) => token.slice(0, at)),
        fc.tuple(position, position).map(([from, to]) => token.slice(0, from) + token.slice(to)),
      );
      for (const changed of fc.sample(change, { seed: SEED, numRuns: 300 })) {
        if (changed === token) continue;
        const answer = await present(changed);
        expect({ changed, outcome: statusAndReason(answer) }).toEqual({
          changed,
          outcome: expect.stringMatching(/^40[01] /),
        });
      }
      expect(upstream.received).toEqual([]);
      expect(statusAndReason(await present(token))).toBe("200");
    },
    60_000,
  );
});
