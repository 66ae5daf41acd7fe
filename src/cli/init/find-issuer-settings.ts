import { ALGORITHMS } from "../../policy/issuer-choices.ts";
import { PROFILES } from "../../policy/profiles.ts";
import { CommandError } from "../args/exit-code.ts";
import { discoverIssuer } from "../discovery/discover-issuer.ts";
import {
  keyAddressOf,
  knownIssuer,
  type Product,
  productByAddresses,
  tenantTemplate,
} from "../discovery/known-issuers.ts";
import { type FoundSettings, profileOf } from "./first-policy.ts";

type Algorithm = (typeof ALGORITHMS)[number];

/** Where `init` may look. */
export interface SearchOptions {
  /** The address of the key set, if the user gave it. Then nothing is fetched. */
  readonly jwksUri: string | undefined;
  /** Whether nothing may be fetched. */
  readonly isOffline: boolean;
  /** The product, if the user gave it. It tells the address of the keys if nothing else does. */
  readonly product?: Product | undefined;
}

/** The settings of an issuer, and where they come from. */
export interface IssuerSettings {
  readonly settings: FoundSettings;
  /** The product that the issuer seems to be, by its form or its metadata. */
  readonly product?: Product;
  /** Sentences that say what was read or assumed. */
  readonly remarks: readonly string[];
  /** Whether the issuer itself gave the address of its keys. */
  readonly isDiscovered: boolean;
}

/**
 * Finds out where an issuer keeps its keys: from the user, else from the issuer's metadata, else from the form of its
 * address, if it is that of a known product. A policy with a wrong address would answer every call with 503, so there
 * is no other default.
 *
 * @throws CommandError the metadata is for another issuer, or the address of the keys remains unknown
 */
export async function findIssuerSettings(issuer: string, options: SearchOptions): Promise<IssuerSettings> {
  const known = knownIssuer(issuer);
  const ofProduct = (product: Product | undefined): Pick<IssuerSettings, "product"> => (product ? { product } : {});
  const claim = known?.scopeClaim === undefined ? {} : { scopeClaim: known.scopeClaim };
  const claimRemarks =
    known?.scopeClaim === undefined ? [] : [`${known.product} puts scopes into the claim \`${known.scopeClaim}\`.`];
  if (options.jwksUri !== undefined) {
    const settings = { ...keyAddress(issuer, options.jwksUri), ...claim };
    return { settings, ...ofProduct(known?.product), remarks: claimRemarks, isDiscovered: false };
  }
  const remarks: string[] = [];
  // The metadata of several tenants is for no issuer that a token has.
  if (!options.isOffline && tenantTemplate(issuer) !== issuer) {
    const metadata = await discoverIssuer(issuer);
    if (metadata.ok) {
      const { url, jwksUri, idTokenAlgorithms } = metadata.value;
      const algorithms = acceptedAlgorithms(PROFILES[profileOf(issuer)].algorithms, idTokenAlgorithms);
      return {
        settings: { ...keyAddress(issuer, jwksUri), ...(algorithms && { algorithms: [...algorithms] }), ...claim },
        ...ofProduct(known?.product ?? productByAddresses(issuer, metadata.value)),
        remarks: [
          `The address of the keys comes from ${url}.`,
          ...(algorithms ? [`It offers ${algorithms.join(", ")} for ID tokens. ${COMPARE_ALGORITHM}`] : []),
          ...claimRemarks,
        ],
        isDiscovered: true,
      };
    }
    if (metadata.failure.kind === "mismatch") {
      const hint = "Give --issuer exactly as `issuer` stands in the document, which must also be `iss` in the tokens.";
      throw new CommandError(`${metadata.failure.message} ${hint}`);
    }
    remarks.push(`The issuer's metadata cannot be read. ${metadata.failure.message}`);
  }
  const product = known?.product ?? options.product;
  const assumed = known?.jwksUri ?? (product && keyAddressOf(product, issuer));
  if (assumed === undefined) {
    const why = remarks[0] ?? "The form of the issuer does not tell where its keys are.";
    throw new CommandError(`${why} Give the address of its keys as --jwks-uri.`);
  }
  const address = `The address of the keys is assumed to be that of ${product}: ${assumed}.`;
  return {
    settings: { ...keyAddress(issuer, assumed), ...claim },
    ...ofProduct(product),
    remarks: [...remarks, `${address} \`scopegate check --online\` compares it with the issuer.`, ...claimRemarks],
    isDiscovered: false,
  };
}

const COMPARE_ALGORITHM = "Compare `algorithms` with `alg` in the header of an access token.";

/** The member `jwksUri`, unless the policy's default is the same address. */
function keyAddress(issuer: string, jwksUri: string): Pick<FoundSettings, "jwksUri"> {
  return jwksUri === `${issuer.replace(/\/$/, "")}/.well-known/jwks.json` ? {} : { jwksUri };
}

/**
 * The algorithms to accept, in view of those that an issuer offers for ID tokens. Issuers publish no such list for
 * access tokens, but sign both with the same keys as a rule. So the list can only narrow the profile's default; if the
 * two have nothing in common, it replaces the default. Only asymmetric algorithms count.
 *
 * @returns `undefined`: the default stays
 */
export function acceptedAlgorithms(
  defaults: readonly Algorithm[],
  offered: readonly string[],
): readonly Algorithm[] | undefined {
  const usable = ALGORITHMS.filter((algorithm) => offered.includes(algorithm));
  const common = defaults.filter((algorithm) => usable.includes(algorithm));
  if (usable.length === 0 || common.length === defaults.length) return undefined;
  return common.length > 0 ? common : usable;
}
