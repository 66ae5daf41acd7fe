import { parseSafeUrl } from "../../http/safe-url.ts";
import type { RealAddresses } from "../../local/plan/stack-source.ts";
import { UsageError } from "../args/exit-code.ts";

/** The options that name real services, as the user gave them. */
export interface AddressOptions {
  /** `URL` or `NAME=URL`. */
  readonly issuers: readonly string[];
  /** `NAME=URL`. */
  readonly upstreams: readonly string[];
}

/**
 * Reads the addresses of real services. An issuer needs no name if the policy has only one. Throws `UsageError` for an
 * address that is not safe to use, for a name that the policy lacks, and for a name that is given twice.
 *
 * @param known the names in the policy
 */
export function parseAddresses(
  { issuers, upstreams }: AddressOptions,
  known: { readonly issuers: readonly string[]; readonly upstreams: readonly string[] },
): RealAddresses {
  return {
    issuers: parseAll("issuer-url", issuers, known.issuers, known.issuers.length === 1 ? known.issuers[0] : undefined),
    upstreams: parseAll("upstream", upstreams, known.upstreams, undefined),
  };
}

function parseAll(
  option: string,
  values: readonly string[],
  known: readonly string[],
  onlyName: string | undefined,
): Readonly<Record<string, string>> {
  const addresses = new Map<string, string>();
  for (const value of values) {
    const given = nameIn(value, known);
    const name = given ?? onlyName;
    const url = given === undefined ? value : value.slice(given.length + 1);
    if (name === undefined) throw new UsageError(`--${option} needs NAME=URL. Known names: ${list(known)}.`);
    if (!known.includes(name)) {
      throw new UsageError(
        `--${option}: The policy has no ${option.replace("-url", "")} \`${name}\`. Known: ${list(known)}.`,
      );
    }
    if (addresses.has(name)) throw new UsageError(`--${option} names \`${name}\` twice.`);
    const parsed = parseSafeUrl(url);
    if (!parsed.ok) throw new UsageError(`--${option} ${name}: ${parsed.failure.message} ${parsed.failure.hint}`);
    addresses.set(name, url);
  }
  return Object.fromEntries(addresses);
}

/** The name in front of a URL; `undefined`: there is none. A `=` in the URL itself does not count. */
function nameIn(value: string, known: readonly string[]): string | undefined {
  const [longest] = known.filter((name) => value.startsWith(`${name}=`)).sort((a, b) => b.length - a.length);
  return longest ?? /^((?:(?!:\/\/)[^=])*)=/.exec(value)?.[1];
}

function list(names: readonly string[]): string {
  return names.join(", ") || "none";
}
