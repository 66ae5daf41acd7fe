import { DEFAULT_ASSERTION_TTL_SECONDS } from "../../../limits.ts";
import { parseClaimPath } from "../../claim-path.ts";
import type { Fault, Report } from "../../fault.ts";
import type { Issuer } from "../../policy.ts";
import type { AssertedClaim, AssertionAlgorithm, AssertionSettings } from "../../upstream.ts";
import { checkSecretName } from "./binding-name.ts";

/** The members of the file that are read here. One that is `undefined` has a fault that is reported already. */
interface AssertingConfig {
  readonly assertion?: AssertionConfig | undefined;
  readonly upstreams?: Readonly<Record<string, { readonly assertion?: boolean | undefined } | undefined>> | undefined;
}

interface AssertionConfig {
  readonly issuer?: string | undefined;
  readonly trustDomain?: string | undefined;
  readonly algorithm?: AssertionAlgorithm | undefined;
  readonly ttlSeconds?: number | undefined;
  readonly keys?: { readonly secret?: string | undefined } | undefined;
  readonly claims?: Readonly<Record<string, string | undefined>> | undefined;
  readonly bind?: "request" | undefined;
}

/**
 * Compiles `assertion`, and checks that there is one if an upstream asks for assertions. Whether the secret exists and
 * holds usable keys is not checked: only the Worker knows its value.
 */
export function compileAssertion(
  config: AssertingConfig,
  issuers: ReadonlyMap<string, Pick<Issuer, "issuer">>,
  report: Report,
): AssertionSettings | undefined {
  if (!Object.hasOwn(config, "assertion")) {
    for (const [name, upstream] of Object.entries(config.upstreams ?? {})) {
      if (upstream?.assertion) {
        report(
          ["upstreams", name, "assertion"],
          "The policy has no `assertion`, so there is no key to sign with.",
          "Add `assertion` at the top of the file, or remove this member.",
        );
      }
    }
    return undefined;
  }
  const { assertion } = config;
  return assertion && compileSettings(assertion, issuers, report);
}

function compileSettings(
  part: AssertionConfig,
  issuers: ReadonlyMap<string, Pick<Issuer, "issuer">>,
  report: Report,
): AssertionSettings | undefined {
  const { issuer, trustDomain, algorithm = "ES256", ttlSeconds = DEFAULT_ASSERTION_TTL_SECONDS } = part;
  checkIdentifier(issuer, ["assertion", "issuer"], report);
  checkIdentifier(trustDomain, ["assertion", "trustDomain"], report);
  if (issuer !== undefined && [...issuers.values()].some((other) => other.issuer === issuer)) {
    report(
      ["assertion", "issuer"],
      "This is an issuer of access tokens, so a verifier could take an assertion for one of its tokens.",
      "Choose another identifier, such as the gateway's own origin.",
    );
  }
  const secret = part.keys?.secret;
  if (secret !== undefined) {
    const hint = "Write the name of the secret or of its binding, never its value.";
    checkSecretName(secret, ["assertion", "keys", "secret"], hint, report);
  }
  const claims = Object.entries(part.claims ?? {}).flatMap(([name, text]) =>
    text === undefined ? [] : compileClaim(name, text, report),
  );
  if (issuer === undefined || trustDomain === undefined || secret === undefined) return undefined;
  return { issuer, trustDomain, algorithm, ttlSeconds, secret, claims, bindsRequest: part.bind !== undefined };
}

/**
 * RFC 7519 2, StringOrURI: a text with a colon must be a URI. A blank is in no URI, and invisible in any other text.
 */
function checkIdentifier(text: string | undefined, path: Fault["path"], report: Report): void {
  if (text === undefined || (/^[!-~]+$/.test(text) && (!text.includes(":") || URL.canParse(text)))) return;
  report(
    path,
    "This is neither a URI nor a name.",
    "Use printable ASCII without blanks, such as internal.example.com.",
  );
}

function compileClaim(name: string, text: string, report: Report): readonly AssertedClaim[] {
  const path = ["assertion", "claims", name];
  if (name === "client_id") {
    report(path, "The gateway writes `client_id` itself.", "Choose another name.");
    return [];
  }
  const claim = parseClaimPath(text);
  if (claim.ok) return [{ name, claim: claim.value }];
  report(path, claim.failure.message, claim.failure.hint);
  return [];
}
