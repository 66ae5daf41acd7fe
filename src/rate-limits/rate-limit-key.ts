import { base64url } from "jose";
import { tokenIss } from "../policy/issuers/tenants.ts";
import type { RateLimit } from "../policy/policy.ts";
import type { Admission } from "../token/admit.ts";
import { claimAt, isFaithful } from "../token/claim-at.ts";
import { networkOf } from "./network-of.ts";

/** The parts of a verified token by which its requests are counted. */
export type CountedToken = Pick<Admission, "issuer" | "tenant" | "clientId" | "subject" | "claims">;

/**
 * The key of a request under a limit by address. Requests without an address share one key.
 *
 * @param address the value of `CF-Connecting-IP`, which Cloudflare sets and callers cannot
 */
export function addressKey(limit: RateLimit, address: string | null): Promise<string> {
  return hashed([limit.name, "address", address === null ? null : networkOf(address)]);
}

/**
 * The key of a request under any other limit. It names the issuer, because client ids and subjects are unique for one
 * issuer only: a partner's issuer could use up the requests of another one's clients.
 *
 * A token without the subject or claim counts by its client. So does one whose claim is empty, an object or a list. The
 * tokens of one issuer that name no client share one key.
 */
export function tokenKey(limit: RateLimit, token: CountedToken): Promise<string> {
  const { clientId = null } = token;
  const value = valueIn(limit, token);
  const [kind, counted] = value === undefined ? ["client", clientId] : [limit.by.kind, value];
  return hashed([limit.name, kind, tokenIss(token.issuer, token.tenant), counted]);
}

function valueIn({ by }: RateLimit, { subject, claims }: CountedToken): string | number | boolean | undefined {
  const value = by.kind === "subject" ? subject : by.kind === "claim" ? claimAt(claims, by.claim) : undefined;
  const isCounted = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  return isCounted && value !== "" && isFaithful(value) ? value : undefined;
}

/**
 * SHA-256 of the parts. The binding gets no value of a token, and long values that begin alike stay apart. JSON
 * keeps the parts apart: no value looks like two.
 */
async function hashed(parts: readonly unknown[]): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(JSON.stringify(parts)));
  return base64url.encode(new Uint8Array(hash));
}
