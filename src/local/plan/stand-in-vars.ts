import { MIN_NONCE_SECRET_LENGTH } from "../../limits.ts";
import { placeholders } from "../../policy/source/placeholders.ts";
import { localKeySet } from "./signing-key.ts";
import { assertionOf, membersOf, nonceSecretOf, type StackSource, secretNames } from "./stack-source.ts";

/** The addresses of the stack's own Workers, for variables that nobody has set. */
export interface StackAddresses {
  /** The gateway's own origin. */
  readonly gateway: string;
  /** The `iss` that the local issuer uses for an issuer of the policy. */
  readonly issuer: (name: string) => string;
  /** The URL of a local service for an upstream; `undefined`: there is none with a URL. */
  readonly upstream: (name: string) => string | undefined;
}

/**
 * Values for the variables and secrets of the policy that are not set. The address of an issuer or of an upstream
 * becomes that of the local Worker that plays it; all others are made up.
 */
export function standInVars(
  { config, vars }: StackSource,
  addresses: StackAddresses,
): Readonly<Record<string, string>> {
  const values: Record<string, string> = { ...placeholders(JSON.stringify(config) ?? "") };
  for (const [name, variable] of wholeVariables(config, "issuers", "issuer")) {
    values[variable] = addresses.issuer(name);
  }
  for (const [name, variable] of wholeVariables(config, "upstreams", "url")) {
    values[variable] = addresses.upstream(name) ?? values[variable] ?? "";
  }
  // Requests to the gateway's local address must be for a host that it serves. Other hosts keep a name of their own.
  const { hostname } = new URL(addresses.gateway);
  const hosts = variablesAlone(Object.entries(membersOf(config, "hosts")));
  const [, local] = hosts.find(([, variable]) => typeof vars[variable] !== "string") ?? [];
  if (local !== undefined) values[local] = hostname;
  const publicUrl: unknown = Reflect.get(Object(config), "publicUrl");
  for (const [, variable] of variablesAlone([["publicUrl", publicUrl]])) values[variable] = addresses.gateway;
  for (const secret of secretNames(config)) values[secret] = `local-${secret}`;
  const nonceSecret = nonceSecretOf(config);
  // Shorter ones are refused.
  if (nonceSecret !== undefined) values[nonceSecret] = `local-${nonceSecret}`.padEnd(MIN_NONCE_SECRET_LENGTH, "-");
  const assertion = assertionOf(config);
  if (assertion !== undefined)
    values[assertion.secret] = localKeySet(assertion.algorithm === "EdDSA" ? "EdDSA" : "ES256");
  return Object.fromEntries(Object.entries(values).filter(([variable]) => typeof vars[variable] !== "string"));
}

/** The parts whose member is nothing but one variable, each with the variable's name. */
function wholeVariables(config: unknown, part: string, member: string): readonly NamedVariable[] {
  const parts = Object.entries(membersOf(config, part));
  return variablesAlone(parts.map(([name, it]) => [name, Reflect.get(Object(it), member)]));
}

type NamedVariable = readonly [name: string, variable: string];

/** Those of the values that are nothing but one variable. */
function variablesAlone(values: readonly (readonly [name: string, value: unknown])[]): readonly NamedVariable[] {
  return values.flatMap(([name, value]) => {
    const variable = typeof value === "string" ? /^\$\{([A-Za-z_][A-Za-z0-9_]*)\}$/.exec(value)?.[1] : undefined;
    return variable === undefined ? [] : [[name, variable] as const];
  });
}
