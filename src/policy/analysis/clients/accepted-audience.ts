import type { Issuer } from "../../policy.ts";
import { CLIENT_CLAIMS, PROFILES } from "../../profiles.ts";
import { withClaim } from "../../with-claim.ts";

/** What a token needs to pass the issuer's check of the audience. */
export interface AcceptedAudience {
  /** `undefined` if the token passes without that claim. */
  readonly aud: string | undefined;
  /**
   * The other claims that it needs, for an issuer with `audienceClaims` of its own. A claim that is `undefined` must
   * not be there. Left out: none.
   */
  readonly others?: Readonly<Record<string, unknown>>;
}

/**
 * How the tokens of a client pass the check of the issuer's `audiences`, by the first of `audienceClaims` that they
 * have. The issuer writes an accepted value, except into the claim that names the client. Cognito writes `aud` only if
 * the client asks for it (resource binding), and then any URL that the client names. So a client whose id is not in
 * `audiences` still gets in if one of them is a URL. Does not look at registrations.
 *
 * @param id the client id; `undefined`: not known, so that it is in no list
 * @returns `undefined` if no token passes
 */
export function acceptedAudience(
  { issuer, profile, audiences, audienceClaims }: Pick<Issuer, "issuer" | "profile" | "audiences" | "audienceClaims">,
  id: string | undefined,
): AcceptedAudience | undefined {
  const { requiredClaims } = PROFILES[profile];
  if (audiences === undefined) return requiredClaims.includes("aud") ? undefined : { aud: undefined };
  const isListed = id !== undefined && audiences.has(id);
  const [any] = audiences;
  /** Claims that the token leaves out, because they would name the client and be compared. */
  const absent = new Set<string>();
  let found: AcceptedAudience | undefined;
  for (const claim of audienceClaims) {
    const name = claim.length === 1 ? claim[0] : undefined;
    const naming = CLIENT_CLAIMS.find((it) => !absent.has(it));
    const others = namingClaims(absent, naming, id);
    if (isListed && CLIENT_CLAIMS.some((it) => it === name)) {
      return { aud: undefined, ...othersOf(name === "client_id" ? others : withClaim(others, claim, id)) };
    }
    if (name !== undefined && name === naming) {
      if (requiredClaims.some((it) => it === name)) break;
      absent.add(name);
    } else if (name === "iss") {
      // Every token has it, so no claim after it is compared.
      if (audiences.has(issuer)) found ??= { aud: undefined, ...othersOf(others) };
      break;
    } else if (name === "aud") {
      const aud = Array.from(audiences).find((audience) => profile !== "cognito" || isUrl(audience));
      if (aud !== undefined) found ??= { aud, ...othersOf(others) };
    } else if (any !== undefined) found ??= { aud: undefined, others: withClaim(others, claim, any) };
  }
  return found;
}

/** What a token needs that leaves out `absent` and names its client by the next claim, `naming`. */
function namingClaims(absent: ReadonlySet<string>, naming: string | undefined, id: string | undefined) {
  if (absent.size === 0) return {};
  const gone = Object.fromEntries(Array.from(absent, (name) => [name, undefined]));
  return { ...gone, ...(naming !== undefined && id !== undefined && { [naming]: id }) };
}

function othersOf(others: Readonly<Record<string, unknown>>): Pick<AcceptedAudience, "others"> {
  return Object.keys(others).length === 0 ? {} : { others };
}

/**
 * Whether Cognito would bind a token to this resource: it takes `https`, `http` on localhost, and schemes of apps. The
 * issuer of the local stack, whose gateway is at 127.0.0.1, binds tokens to that address, too.
 */
function isUrl(text: string): boolean {
  return (
    /^[a-z][a-z\d+.-]*:\/\/./i.test(text) &&
    (!/^http:/i.test(text) || /^http:\/\/(?:localhost|127\.0\.0\.1)(?:[:/]|$)/i.test(text))
  );
}
