/** Third-party tokens, each with the key set it is to be judged by, through the whole gateway on workerd. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { statusAndReason } from "../support/e2e/call.ts";
import type { WireAnswer } from "../support/e2e/socket.ts";
import { auditRequest, type ClaimFields } from "../support/hostile/upstream-audit.ts";
import { createSigningKey } from "../support/token/signing-key.ts";
import { startVectorWorld, VECTOR_AUDIENCE, type VectorWorld } from "../support/vectors/vector-world.ts";
import { readVectors } from "../support/vectors/vectors.ts";

interface TokenCase {
  readonly id: string;
  readonly name: string;
  readonly jwks: { readonly keys: readonly unknown[] };
  readonly token: string;
  readonly expect: "accept" | "reject" | "either";
}

/**
 * Cases whose label differs from the gateway's answer. Each of these sets has no usable key. That is not the token's
 * fault, so the answer is a 503, and the next read of the set may succeed.
 */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  "wp-415": "the only key is published with its private half, so that anyone could have signed",
  "wp-416": "the only key has no kid, and a key is never found in another way",
  "wp-591": "the only key is for encryption",
  "wp-604": "the alg of the only key does not belong to its curve",
  "wp-609": "the only key says it is RSA and has a point",
};

const cases = readVectors<TokenCase>("tokens.json");
const excepted = cases.filter(({ id }) => id in EXCEPTIONS);

const isRefusal = (answer: WireAnswer) => /^(?:400 credentials-malformed|401 [a-z-]+)$/.test(statusAndReason(answer));

/** The expected claim headers, from the payload alone. */
function claimFieldsOf(token: string): ClaimFields {
  const payload = Buffer.from(token.split(".")[1] ?? "", "base64url").toString();
  const { sub, client_id, iss, jti, scope } = JSON.parse(payload) as Readonly<Record<string, unknown>>;
  const values: readonly unknown[] = Array.isArray(scope) ? scope : scopeNamesIn(scope);
  const names = ["read", "write", "admin"].filter((name) => values.includes(name));
  const fields = {
    "x-auth-subject": sub,
    "x-auth-client-id": client_id,
    "x-auth-issuer": iss,
    "x-auth-token-id": jti,
    "x-auth-scopes": names.map((name) => `${VECTOR_AUDIENCE}/${name}`).join(" "),
  };
  const present = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present.map(([name, value]) => [name, String(value)]));
}

/** An object names scopes by its members, except those that are `false` or `null`. */
function scopeNamesIn(scope: unknown): readonly string[] {
  if (typeof scope !== "object" || scope === null) return String(scope ?? "").split(" ");
  return Object.entries(scope).flatMap(([name, value]) => (value === false || value === null ? [] : [name]));
}

describe.skipIf(cases.length === 0).each(["rfc9068", "generic"])(
  "under the profile %s, a token of the vectors",
  (profile) => {
    let world: VectorWorld;
    beforeAll(async () => {
      world = await startVectorWorld();
    });
    afterAll(() => world?.dispose());

    /** Only permitted requests reach the upstream, once each and without a spoofed header. */
    function expectSound(answer: WireAnswer, token: string): void {
      const { received } = world.upstream;
      expect(received).toHaveLength(answer.status === 200 ? 1 : 0);
      for (const request of received) expect(auditRequest(request, claimFieldsOf(token))).toEqual([]);
      if (answer.status === 401)
        expect(answer.headers.get("www-authenticate")?.join()).toContain('error="invalid_token"');
      for (const part of token.split(".")) if (part.length > 20) expect(answer.body).not.toContain(part);
    }

    it.each(cases.filter(({ id, expect: label }) => label === "accept" && !(id in EXCEPTIONS)))(
      "is accepted: $id $name",
      async ({ id, jwks, token }) => {
        const answer = await world.present(id, profile, jwks, token);
        expect(statusAndReason(answer)).toBe("200");
        expectSound(answer, token);
      },
    );

    it.each(cases.filter(({ id, expect: label }) => label === "reject" && !(id in EXCEPTIONS)))(
      "is refused: $id $name",
      async ({ id, jwks, token }) => {
        const answer = await world.present(id, profile, jwks, token);
        expect(answer).toSatisfy(isRefusal, statusAndReason(answer));
        expectSound(answer, token);
      },
    );

    it.each(cases.filter(({ id, expect: label }) => label === "either" && !(id in EXCEPTIONS)))(
      "is judged soundly either way: $id $name",
      async ({ id, jwks, token }) => {
        const answer = await world.present(id, profile, jwks, token);
        const isJudged = ["200", "403 scope-insufficient"].includes(statusAndReason(answer)) || isRefusal(answer);
        expect(isJudged, statusAndReason(answer)).toBe(true);
        expectSound(answer, token);
      },
    );

    it.each(excepted.map((vector) => ({ ...vector, why: EXCEPTIONS[vector.id] })))(
      "finds no usable key, since $why: $id",
      async ({ id, jwks, token }) => {
        const answer = await world.present(id, profile, jwks, token);
        expect(statusAndReason(answer)).toBe("503 keys-unavailable");
        expectSound(answer, token);
      },
    );

    it.each(excepted.map((vector) => ({ ...vector, why: EXCEPTIONS[vector.id] })))(
      "is refused once its issuer publishes a usable key beside: $id",
      async ({ id, jwks, token }) => {
        const { publicJwk } = await createSigningKey("another");
        const keys = [...jwks.keys, publicJwk];
        const answer = await world.present(`${id}-beside`, profile, { keys }, token);
        expect(statusAndReason(answer)).toBe("401 key-unknown");
        expectSound(answer, token);
      },
    );
  },
);
