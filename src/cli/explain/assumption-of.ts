import { type AssumedValue, parseAssumedValue } from "../../explain/assumed-values.ts";
import { type Assumption, registeredClient } from "../../explain/caller.ts";
import { isGuid } from "../../policy/issuers/tenants.ts";
import type { Client, Policy } from "../../policy/policy.ts";
import type { BindingMethod } from "../../policy/requirements/binding.ts";
import { nameHint } from "../../policy/suggestion.ts";
import { InputError, UsageError } from "../args/exit-code.ts";

/** What somebody says of a token that is to be assumed. */
export interface AssumedOptions {
  readonly client?: string | undefined;
  /** Short or full names. */
  readonly scopes?: readonly string[] | undefined;
  readonly issuer?: string | undefined;
  /** Texts such as `groups=staff`. */
  readonly grant: readonly string[];
  readonly claim: readonly string[];
  readonly tenant?: string | undefined;
  readonly bound?: BindingMethod | undefined;
}

/**
 * The token that is assumed under a policy. Does not check the tenant: `assertTenant` does.
 *
 * @param written how the author writes a member, for messages: `--grant`
 * @throws UsageError a text is no claim with a value; InputError the policy has no such client or issuer
 */
export function assumptionOf(
  { client: name, scopes, issuer: issuerName, grant, claim, tenant, bound }: AssumedOptions,
  policy: Policy,
  written: (member: "grant" | "claim") => string,
): Assumption {
  const client = clientNamed(name, policy);
  const issuers = [...policy.issuers.values()];
  const issuer = issuers.find((it) => it.name === issuerName);
  if (issuerName !== undefined && issuer === undefined) {
    const hint = nameHint(
      issuerName,
      issuers.map((it) => it.name),
    );
    throw new InputError(`There is no issuer \`${issuerName}\` in \`issuers\`. ${hint}`);
  }
  if (client && issuer && client.issuer !== issuer.name) {
    throw new InputError(
      `The client \`${client.name}\` is registered by \`${client.issuer}\`, not by \`${issuer.name}\`.`,
    );
  }
  const valuesOf = (member: "grant" | "claim", texts: readonly string[]): readonly AssumedValue[] =>
    texts.map((text) => {
      const value = parseAssumedValue(text, issuers);
      if (value.ok) return value.value;
      throw new UsageError(`${written(member)} ${text}: ${value.failure.message} ${value.failure.hint}`);
    });
  const [values, tested] = [valuesOf("grant", grant), valuesOf("claim", claim)];
  return { client, scopes, issuer, values, tested, tenant, bound };
}

/**
 * @param written how the author writes the member, for messages: `--tenant`
 * @throws UsageError the text is not a GUID; InputError no issuer has tenants
 */
export function assertTenant(tenant: string, { issuers }: Policy, written: (member: "tenant") => string): void {
  if (!isGuid(tenant)) throw new UsageError(`${written("tenant")} is not a GUID.`);
  if (Array.from(issuers.values()).some(({ tenants }) => tenants !== undefined)) return;
  throw new InputError(`${written("tenant")}: no issuer of the policy has \`tenants\`.`);
}

function clientNamed(name: string | undefined, policy: Policy): Client | undefined {
  if (name === undefined) return undefined;
  const client = registeredClient(name, policy);
  if (client.ok) return client.value;
  throw new InputError(`${client.failure.message} ${client.failure.hint}`);
}
