import { MAX_JWKS_BYTES } from "../limits.ts";
import type { Issuer } from "../policy/policy.ts";
import { type ImportedKeys, importKeys } from "./jwk/import-keys.ts";
import type { SkippedKey } from "./jwk/public-jwk.ts";
import type { KeyIo } from "./key-io.ts";
import { isEntityTag } from "./kv-record.ts";
import { TIMED_OUT, withTimeLimit } from "./time-limit.ts";

/** What is already held of an issuer's keys. */
export interface HeldKeys {
  /** Entity tag to ask with, so that an unchanged set need not be sent. */
  readonly etag: string | undefined;
  readonly keys: ImportedKeys;
}

export type IssuerAnswer =
  | {
      readonly kind: "keys";
      /** Never empty. */
      readonly keys: ImportedKeys;
      readonly skipped: readonly SkippedKey[];
      /** Only if no key was skipped. */
      readonly etag: string | undefined;
    }
  /** Status 304; only when asked with an entity tag. */
  | { readonly kind: "unchanged" }
  | IssuerFault;

/** Why an issuer's answer is not used. */
export interface IssuerFault {
  readonly kind: "fault";
  readonly code: IssuerFaultCode;
  /** One sentence for people; nothing of the answer but its status. */
  readonly message: string;
  /** What the runtime said; for the log only. */
  readonly cause?: string;
}

export type IssuerFaultCode =
  | "address-refused"
  | "unreachable"
  | "timeout"
  | "http-status"
  | "too-large"
  | "not-json"
  | "not-a-key-set"
  | "no-usable-key";

/**
 * Reads an issuer's key set (RFC 7517 5) once. Follows no redirect (it could lead to a host that the policy does not
 * name), is not answered from Cloudflare's cache, takes at most `timeoutMs` for everything and `MAX_JWKS_BYTES` of
 * body, and wants at least one usable key. Anything else is a fault, as a value; never rejects.
 */
export async function askIssuer(
  issuer: Issuer,
  held: HeldKeys,
  io: Pick<KeyIo, "fetch" | "sleep">,
): Promise<IssuerAnswer> {
  if (!isFetchable(issuer.jwksUri)) return fault("address-refused", "The jwksUri is neither https nor on loopback.");
  const abort = new AbortController();
  const answer = await withTimeLimit(issuer.keys.timeoutMs, io.sleep, read(issuer, held, io, abort.signal));
  if (answer !== TIMED_OUT) return answer;
  abort.abort();
  return fault("timeout", `The issuer did not answer within ${issuer.keys.timeoutMs} ms.`);
}

async function read(
  issuer: Issuer,
  held: HeldKeys,
  // Taken out of its object: workerd refuses to call the global `fetch` as a method of something else.
  { fetch }: Pick<KeyIo, "fetch">,
  signal: AbortSignal,
): Promise<IssuerAnswer> {
  const headers: Record<string, string> = { accept: "application/jwk-set+json, application/json" };
  if (held.etag !== undefined) headers["if-none-match"] = held.etag;
  let body: Uint8Array | undefined;
  let etag: string | null;
  try {
    const response = await fetch(issuer.jwksUri, { headers, redirect: "manual", cache: "no-store", signal });
    if (response.status !== 200) {
      await response.body?.cancel();
      if (response.status === 304 && held.etag !== undefined) return { kind: "unchanged" };
      return fault("http-status", `The issuer answered with status ${response.status}.`);
    }
    etag = response.headers.get("etag");
    body = await readBody(response);
  } catch (error) {
    return { ...fault("unreachable", "The issuer could not be reached."), cause: String(error) };
  }
  if (body === undefined) return fault("too-large", `The key set is larger than ${MAX_JWKS_BYTES} bytes.`);

  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(body));
  } catch {
    return fault("not-json", "The key set is not JSON.");
  }
  const entries: unknown = typeof value === "object" && value !== null && "keys" in value ? value.keys : undefined;
  if (!Array.isArray(entries)) return fault("not-a-key-set", "The answer has no array of keys.");
  const { keys, skipped } = await importKeys(entries, issuer.algorithms, held.keys);
  if (keys.size === 0) {
    const reasons = Array.from(new Set(skipped.map(({ why }) => why))).join(", ") || "empty";
    return fault("no-usable-key", `The key set has no usable key (${reasons}).`);
  }
  return { kind: "keys", keys, skipped, etag: skipped.length === 0 && isEntityTag(etag) ? etag : undefined };
}

/** `undefined` when it is longer than `MAX_JWKS_BYTES`; no more than that is ever held. */
async function readBody(response: Response): Promise<Uint8Array | undefined> {
  if (response.body === null) return new Uint8Array();
  const reader = response.body.getReader();
  const body = new Uint8Array(MAX_JWKS_BYTES);
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return body.subarray(0, length);
    if (length + value.length > MAX_JWKS_BYTES) {
      await reader.cancel();
      return undefined;
    }
    body.set(value, length);
    length += value.length;
  }
}

/** The policy has checked this already; keys read over plain http would be anybody's, so it is checked again here. */
function isFetchable(jwksUri: string): boolean {
  if (!URL.canParse(jwksUri)) return false;
  const { protocol, hostname, username, password } = new URL(jwksUri);
  if (username !== "" || password !== "") return false;
  if (protocol === "https:") return true;
  return protocol === "http:" && /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

function fault(code: IssuerFaultCode, message: string): IssuerFault {
  return { kind: "fault", code, message };
}
