/** What the local stack is asked to run. */
export interface StackSource {
  /** The parsed `routes.json`. Nothing about it has been checked. */
  readonly config: unknown;
  /** The parsed file that its `shadow` names; left out: it names none. Nothing about it has been checked. */
  readonly candidate?: unknown;
  /** The vars of the gateway, which give `${NAME}` in the policy its value. */
  readonly vars: Readonly<Record<string, unknown>>;
  /** Names of the vars whose values nothing may print; default: none. */
  readonly secret?: ReadonlySet<string>;
  /** Names of the secrets that are in a Secrets Store; default: none. The stack simulates the store. */
  readonly storedSecrets?: ReadonlySet<string>;
}

/** The settings of assertions that a parsed `routes.json` has, as far as the stack needs them. */
export function assertionOf(config: unknown): { readonly secret: string; readonly algorithm: unknown } | undefined {
  const assertion = membersOf(config, "assertion");
  const secret: unknown = membersOf(assertion, "keys")["secret"];
  return typeof secret === "string" ? { secret, algorithm: assertion["algorithm"] } : undefined;
}

/** The name of the secret for the nonces of DPoP proofs that a parsed `routes.json` has. */
export function nonceSecretOf(config: unknown): string | undefined {
  const secret: unknown = membersOf(membersOf(config, "dpop"), "nonce")["secret"];
  return typeof secret === "string" ? secret : undefined;
}

/**
 * Names of the secrets that a parsed `routes.json` names: for the headers of its upstreams, for assertions, and for the
 * nonces of DPoP proofs.
 */
export function secretNames(config: unknown): readonly string[] {
  const names = new Set<string>();
  const assertion = assertionOf(config);
  if (assertion !== undefined) names.add(assertion.secret);
  const nonceSecret = nonceSecretOf(config);
  if (nonceSecret !== undefined) names.add(nonceSecret);
  for (const upstream of Object.keys(membersOf(config, "upstreams"))) {
    const headers = membersOf(membersOf(membersOf(config, "upstreams"), upstream), "headers");
    for (const header of Object.keys(headers)) {
      const secret: unknown = membersOf(headers, header)["secret"];
      if (typeof secret === "string") names.add(secret);
    }
  }
  return [...names];
}

/** Real services that the stack uses instead of its own. */
export interface RealAddresses {
  /** The `iss` of each real issuer, by its name in the policy. */
  readonly issuers: Readonly<Record<string, string>>;
  /** The URL of each real upstream, by its name in the policy. */
  readonly upstreams: Readonly<Record<string, string>>;
}

/** The stack plays every issuer, and looks for upstreams where the policy says. */
export const NO_REAL_ADDRESSES: RealAddresses = { issuers: {}, upstreams: {} };

/** A value of the policy as an object; empty if it is something else. */
export function membersOf(value: unknown, name: string): Readonly<Record<string, unknown>> {
  const member: unknown = typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
  return typeof member === "object" && member !== null ? (member as Readonly<Record<string, unknown>>) : {};
}
