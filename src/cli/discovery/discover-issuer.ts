import { readBody } from "../../http/read-body.ts";
import { parseSafeUrl } from "../../http/safe-url.ts";
import { isObject, type JsonObject } from "../../json/json-object.ts";
import { ISSUER_METADATA_TIMEOUT_MS, MAX_ISSUER_METADATA_BYTES } from "../../limits.ts";
import { parseJson } from "../../policy/source/parse-json.ts";
import { failure, type Result, success } from "../../result.ts";
import { stringAt, stringsAt } from "../json-members.ts";

/** What an issuer's metadata says about its keys. */
export interface IssuerMetadata {
  /** The address of the document. */
  readonly url: string;
  /** The address of the key set. */
  readonly jwksUri: string;
  /** The address where a client reads about the user, if the document names one. */
  readonly userinfoEndpoint: string | undefined;
  /** The algorithms that it offers for ID tokens. There is no such list for access tokens. */
  readonly idTokenAlgorithms: readonly string[];
}

/** Why there is no metadata: a document is for another issuer, or there is none that can be used. */
export interface DiscoveryFailure {
  readonly kind: "mismatch" | "unavailable";
  /** One or two sentences. They repeat nothing of an answer except its status. */
  readonly message: string;
}

/**
 * Reads an issuer's metadata: `/.well-known/openid-configuration` below the issuer (OpenID Connect Discovery 4), then
 * `/.well-known/oauth-authorization-server` in front of its path (RFC 8414 3.1). The `issuer` in the document must be
 * identical (RFC 8414 3.3): otherwise one issuer could make the gateway trust the keys of another, and the search ends.
 * The key set may be on another host, as Google's is, but by https, unless the issuer itself is on loopback.
 *
 * Follows no redirect, takes at most `timeoutMs` for each document and `MAX_ISSUER_METADATA_BYTES`. Does not fetch the
 * keys. Never rejects.
 */
export async function discoverIssuer(
  issuer: string,
  timeoutMs = ISSUER_METADATA_TIMEOUT_MS,
): Promise<Result<IssuerMetadata, DiscoveryFailure>> {
  const problems: string[] = [];
  for (const url of metadataUrls(issuer)) {
    const document = await fetchJson(url, timeoutMs);
    if (!document.ok) {
      problems.push(`${url}: ${document.failure}`);
      continue;
    }
    if (document.value["issuer"] !== issuer) {
      return failure({ kind: "mismatch", message: `${url}: The document is for another issuer.` });
    }
    const jwksUri = readJwksUri(document.value, issuer);
    if (jwksUri.ok) {
      const idTokenAlgorithms = stringsAt(document.value, "id_token_signing_alg_values_supported");
      const userinfoEndpoint = stringAt(document.value, "userinfo_endpoint");
      return success({ url, jwksUri: jwksUri.value, userinfoEndpoint, idTokenAlgorithms });
    }
    problems.push(`${url}: ${jwksUri.failure}`);
  }
  const message = problems.join(" ") || "The issuer is not a URL that metadata can be read from.";
  return failure({ kind: "unavailable", message });
}

/** The addresses of both documents; none if the issuer is not https or loopback, or has a query or fragment. */
export function metadataUrls(issuer: string): readonly string[] {
  const url = parseSafeUrl(issuer);
  if (!url.ok || /[?#]/.test(issuer)) return [];
  const { origin, pathname } = url.value;
  const path = pathname.replace(/\/$/, "");
  return [
    `${origin}${path}/.well-known/openid-configuration`,
    `${origin}/.well-known/oauth-authorization-server${path}`,
  ];
}

function readJwksUri(document: JsonObject, issuer: string): Result<string, string> {
  const text = stringAt(document, "jwks_uri");
  if (text === undefined) return failure("The document has no `jwks_uri`.");
  const url = parseSafeUrl(text);
  if (!url.ok || text.includes("#")) return failure("The `jwks_uri` is not an https URL.");
  if (url.value.protocol !== "https:" && issuer.startsWith("https:")) {
    return failure("The `jwks_uri` is not an https URL.");
  }
  return success(url.value.href);
}

async function fetchJson(url: string, timeoutMs: number): Promise<Result<JsonObject, string>> {
  let body: Uint8Array | undefined;
  try {
    const response = await fetch(url, {
      headers: { accept: "application/json" },
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      const isRedirect = response.status >= 300 && response.status < 400;
      return failure(isRedirect ? "It redirects, which is not followed." : `The status is ${response.status}.`);
    }
    body = await readBody(response, MAX_ISSUER_METADATA_BYTES);
  } catch (error) {
    const isLate = error instanceof Error && error.name === "TimeoutError";
    return failure(isLate ? `There was no answer within ${timeoutMs} ms.` : "The issuer could not be reached.");
  }
  if (body === undefined) return failure(`The document is larger than ${MAX_ISSUER_METADATA_BYTES} bytes.`);
  const document = parseDocument(body);
  return document === undefined ? failure("The answer is not a JSON object.") : success(document);
}

/** Returns `undefined` if the bytes are not UTF-8, or not a JSON object without doubled members. */
function parseDocument(bytes: Uint8Array): JsonObject | undefined {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    return undefined;
  }
  const parsed = parseJson(text);
  return parsed.ok && isObject(parsed.value) ? parsed.value : undefined;
}
