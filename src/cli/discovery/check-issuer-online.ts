import { setTimeout } from "node:timers/promises";
import { fetchJwks, type JwksFailureCode } from "../../keys/fetch-jwks.ts";
import type { Fault } from "../../policy/fault.ts";
import { listedIss } from "../../policy/issuers/tenants.ts";
import type { Issuer } from "../../policy/policy.ts";
import { discoverIssuer } from "./discover-issuer.ts";

/** The codes of what `check --online` finds, with their severities. */
export const ONLINE_CODES = {
  "issuer-mismatch": "error",
  "jwks-uri-mismatch": "error",
  "unusable-key-set": "error",
  "metadata-unavailable": "warning",
  "keys-unreachable": "warning",
} as const;

export type OnlineCode = keyof typeof ONLINE_CODES;

/** Something that an issuer's own answers say against the policy. */
export interface OnlineFinding extends Fault {
  readonly code: OnlineCode;
}

/** Failures that may be gone in a minute. All others are answers that the gateway would refuse as well. */
const PASSING: ReadonlySet<JwksFailureCode> = new Set(["unreachable", "timeout"]);

/**
 * Compares an issuer of a policy with what the issuer itself says: its metadata must be for it and name the same key
 * set, and the key set must have a key for one of the accepted algorithms. Fetches the keys with the Worker's code.
 * Answers that do not arrive are warnings, because they may arrive later. Of an issuer with tenants, it asks for the
 * metadata of the first that is listed, and does not compare the key set: Entra ID names one address for each tenant.
 */
export async function checkIssuerOnline(issuer: Issuer): Promise<readonly OnlineFinding[]> {
  const { name, keys } = issuer;
  const findings: OnlineFinding[] = [];
  const found = (code: OnlineCode, member: string, message: string, hint: string): void => {
    findings.push({ code, path: ["issuers", name, member], message, hint });
  };
  // One listed tenant speaks for all. Where any is accepted, there is none to ask.
  const [iss] = listedIss(issuer);
  const metadata = iss === undefined ? undefined : await discoverIssuer(iss, keys.timeoutMs);
  if (metadata === undefined) {
    // The keys are still checked.
  } else if (!metadata.ok && metadata.failure.kind === "mismatch") {
    found(
      "issuer-mismatch",
      "issuer",
      metadata.failure.message,
      "Copy `issuer` from the document, character by character.",
    );
  } else if (!metadata.ok) {
    const hint = "Check the issuer, or try again. The keys are still checked.";
    found("metadata-unavailable", "issuer", `The issuer's metadata cannot be read. ${metadata.failure.message}`, hint);
  } else if (issuer.tenants === undefined && metadata.value.jwksUri !== issuer.jwksUri) {
    const message = `The issuer's metadata (${metadata.value.url}) names another key set: ${metadata.value.jwksUri}`;
    found("jwks-uri-mismatch", "jwksUri", `${message}.`, "Set `jwksUri` to that address.");
  }
  const answer = await fetchJwks(
    issuer,
    { etag: undefined, keys: new Map() },
    { fetch: (url, init) => fetch(url, init), sleep: (ms) => setTimeout(ms, undefined, { ref: false }) },
  );
  if (!answer.ok) {
    const { code, message } = answer.failure;
    const isPassing = PASSING.has(code);
    const hint = isPassing
      ? "Check `jwksUri`, or try again."
      : "Correct `jwksUri` or `algorithms`: until then, every call gets 503.";
    found(isPassing ? "keys-unreachable" : "unusable-key-set", "jwksUri", `${issuer.jwksUri}: ${message}`, hint);
  }
  return findings;
}
