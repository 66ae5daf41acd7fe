import fc from "fast-check";
import { expect, it } from "vitest";
import { DEFAULT_CLAIM_HEADERS } from "../../src/policy/compile/compile-claim-headers.ts";
import type { ClaimHeader } from "../../src/policy/policy.ts";
import { createHeaderFilter, upstreamRequestHeaders } from "../../src/upstream/request-headers.ts";

const CONFIGURED: readonly ClaimHeader[] = [
  ...DEFAULT_CLAIM_HEADERS,
  { header: "x-user_email", source: { kind: "claim", path: ["email"] } },
  { header: "tenant", source: { kind: "claim", path: ["tenant"] } },
];
const CLAIMS = CONFIGURED.map(({ header }) => [header, `gateway's ${header}`] as const);
const OWN: Readonly<Record<string, string>> = {
  ...Object.fromEntries(CLAIMS),
  "x-forwarded-proto": "https",
  "x-forwarded-host": "gateway.example",
  "x-request-id": "request-1",
  traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
};
const isDropped = createHeaderFilter({ claimHeaders: CONFIGURED });

/** What CGI makes of a name, and so what two names must not share (RFC 3875 4.1.18). */
const cgiName = (name: string): string => `HTTP_${name.toUpperCase().replace(/[^A-Z0-9]/g, "_")}`;

const letter = fc.constantFrom(..."-_.!#$%&'*+^`|~", ..."abtxAUXZ09");
const nearly = fc
  .tuple(
    fc.constantFrom(
      ...Object.keys(OWN),
      "x-auth-role",
      "x-forwarded-user",
      "authorization",
      "te",
      "via",
      "x-http-method",
    ),
    letter,
    fc.nat(20),
  )
  .chain(([name, other, at]) =>
    fc.constantFrom(name, name.replace(/[-_]/g, other), name.slice(0, at) + other + name.slice(at)),
  );
const name = fc.oneof(nearly, fc.string({ unit: letter, minLength: 1, maxLength: 12 }));
const value = fc.string({ unit: fc.constantFrom(..."eve,=; \t"), maxLength: 8 }).map((text) => `caller ${text}`.trim());
const field = fc.tuple(name, value);
const connection = fc.array(fc.oneof(name, fc.constantFrom("close", "", " ", "not a token", "(x)")), { maxLength: 4 });

it("a caller cannot put a value into a header under the gateway's names", () => {
  const owned = new Set(Object.keys(OWN).map(cgiName));
  fc.assert(
    fc.property(fc.array(field, { maxLength: 8 }), connection, (fields, options) => {
      const received = new Headers([...fields, ["connection", options.join(", ")]]);
      const headers = upstreamRequestHeaders(received, isDropped, {
        url: new URL("https://gateway.example/orders"),
        upgrade: false,
        maxForwards: undefined,
        requestId: OWN["x-request-id"] ?? "",
        traceparent: OWN["traceparent"] ?? "",
        tracestate: undefined,
        forwardAuthorization: false,
        claims: CLAIMS.flat(),
      });
      for (const [own, said] of Object.entries(OWN)) expect(headers.get(own)).toBe(said);
      for (const [sent] of headers) {
        if (sent in OWN) continue;
        expect({ sent, isOwned: owned.has(cgiName(sent)) }).toEqual({ sent, isOwned: false });
        expect(cgiName(sent)).not.toMatch(/^HTTP_(?:X_AUTH_|X_FORWARDED_|AUTHORIZATION$|FORWARDED$|CONNECTION$|TE$)/);
      }
      expect(headers.get("via")).toMatch(/(?:^|, )1\.1 scopegate$/);
    }),
    { numRuns: 3_000 },
  );
});

it("a header that is the caller's to say arrives as it was, unless Connection names it", () => {
  fc.assert(
    fc.property(fc.array(field, { maxLength: 8 }), connection, (fields, options) => {
      const received = new Headers([...fields, ["connection", options.join(", ")]]);
      const named = new Set(
        options.flatMap((option) => option.split(",")).map((option) => option.trim().toLowerCase()),
      );
      const headers = upstreamRequestHeaders(received, isDropped, {
        url: new URL("https://gateway.example/orders"),
        upgrade: false,
        maxForwards: undefined,
        requestId: "request-1",
        traceparent: "",
        tracestate: undefined,
        forwardAuthorization: false,
        claims: [],
      });
      for (const [sent, said] of received) {
        if (!isDropped(sent) && !named.has(sent)) expect(headers.get(sent)).toBe(said);
      }
    }),
    { numRuns: 2_000 },
  );
});
