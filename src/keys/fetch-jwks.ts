import { isEntityTag } from "../http/entity-tag.ts";
import { readBody } from "../http/read-body.ts";
import { parseSafeUrl } from "../http/safe-url.ts";
import { MAX_JWKS_BYTES } from "../limits.ts";
import type { Issuer } from "../policy/policy.ts";
import { failure, type Result, success } from "../result.ts";
import { type ImportedKeys, importKeys } from "./jwk/import-keys.ts";
import type { SkippedKey } from "./jwk/public-jwk.ts";
import type { KeyIo } from "./key-io.ts";
import { TIMED_OUT, withTimeLimit } from "./time-limit.ts";

/** What the isolate already has of an issuer's keys. */
export interface KnownKeys {
  /** Entity tag to send, so that the issuer need not send an unchanged set. */
  readonly etag: string | undefined;
  readonly keys: ImportedKeys;
}

/** A usable answer of an issuer. */
export type JwksAnswer =
  | {
      readonly kind: "keys";
      /** Never empty. */
      readonly keys: ImportedKeys;
      readonly skipped: readonly SkippedKey[];
      /** Only if no key was skipped. */
      readonly etag: string | undefined;
    }
  /** Status 304; only if an entity tag was sent. */
  | { readonly kind: "unchanged" };

/** Why an issuer's answer is not used. */
export interface JwksFailure {
  readonly code: JwksFailureCode;
  /** One sentence for people; it repeats nothing of the answer except the status. */
  readonly message: string;
  /** What the runtime reported; for the log only. */
  readonly cause?: string;
}

/** Stable: the log has it as `code`. */
export type JwksFailureCode =
  | "address-refused"
  | "unreachable"
  | "timeout"
  | "http-status"
  | "too-large"
  | "not-json"
  | "not-a-key-set"
  | "no-usable-key";

/**
 * Fetches an issuer's key set (RFC 7517 5) once. Follows no redirect, because it could lead to a host that the policy
 * does not name, and bypasses Cloudflare's cache. Takes at most `timeoutMs` in total and `MAX_JWKS_BYTES` of body, and
 * requires at least one usable key. Anything else is a failure, as a value; never rejects.
 */
export async function fetchJwks(
  issuer: Issuer,
  known: KnownKeys,
  io: Pick<KeyIo, "fetch" | "sleep">,
): Promise<Result<JwksAnswer, JwksFailure>> {
  // Checked again, although the policy was checked: anyone on the way could replace keys that come over plain http.
  if (!parseSafeUrl(issuer.jwksUri).ok) {
    return failed(
      "address-refused",
      "The jwksUri is neither https nor http on loopback, or it has a user or password.",
    );
  }
  const abort = new AbortController();
  const answer = await withTimeLimit(issuer.keys.timeoutMs, io.sleep, request(issuer, known, io, abort.signal));
  if (answer !== TIMED_OUT) return answer;
  abort.abort();
  return failed("timeout", `The issuer did not answer within ${issuer.keys.timeoutMs} ms.`);
}

async function request(
  issuer: Issuer,
  known: KnownKeys,
  // `fetch` is taken out of its object, because workerd refuses to call the global `fetch` as another object's method.
  { fetch }: Pick<KeyIo, "fetch">,
  signal: AbortSignal,
): Promise<Result<JwksAnswer, JwksFailure>> {
  const headers: Record<string, string> = { accept: "application/jwk-set+json, application/json" };
  if (known.etag !== undefined) headers["if-none-match"] = known.etag;
  let body: Uint8Array | undefined;
  let etag: string | null;
  try {
    const response = await fetch(issuer.jwksUri, { headers, redirect: "manual", cache: "no-store", signal });
    if (response.status !== 200) {
      await response.body?.cancel();
      if (response.status === 304 && known.etag !== undefined) return success({ kind: "unchanged" });
      return failed("http-status", `The issuer answered with status ${response.status}.`);
    }
    etag = response.headers.get("etag");
    body = await readBody(response, MAX_JWKS_BYTES);
  } catch (error) {
    return failure({ code: "unreachable", message: "The issuer could not be reached.", cause: String(error) });
  }
  if (body === undefined) return failed("too-large", `The key set is larger than ${MAX_JWKS_BYTES} bytes.`);
  const entries = parseEntries(body);
  if (!entries.ok) return entries;
  const { keys, skipped } = await importKeys(entries.value, issuer, known.keys);
  if (keys.size === 0) {
    const reasons = Array.from(new Set(skipped.map(({ reason }) => reason))).join(", ") || "empty";
    return failed("no-usable-key", `The key set has no usable key (${reasons}).`);
  }
  const isComplete = skipped.length === 0;
  return success({ kind: "keys", keys, skipped, etag: isComplete && isEntityTag(etag) ? etag : undefined });
}

/** Reads the `keys` of a JWKS. Does not check its members. */
function parseEntries(body: Uint8Array): Result<readonly unknown[], JwksFailure> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(body));
  } catch {
    return failed("not-json", "The key set is not JSON.");
  }
  const entries: unknown = typeof value === "object" && value !== null && "keys" in value ? value.keys : undefined;
  return Array.isArray(entries) ? success(entries) : failed("not-a-key-set", "The answer has no array of keys.");
}

function failed(code: JwksFailureCode, message: string): { readonly ok: false; readonly failure: JwksFailure } {
  return failure({ code, message });
}
