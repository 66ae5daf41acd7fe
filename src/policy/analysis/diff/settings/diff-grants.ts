import { admitsAnyone, authorize, type Holder } from "../../../authorize.ts";
import type { Issuer, Policy, Requirement } from "../../../policy.ts";
import { holdersOfValue, type MappedValue, mappedValues } from "../../mapped-values.ts";
import type { Note, TokenWitness } from "./setting-change.ts";
import { textOf } from "./shared/content-text.ts";
import { type SampleCall, sampleCalls } from "./shared/sample-calls.ts";

/**
 * Returns a function that compares what the values of claims grant under the old and the new settings of one issuer. An
 * additional grant is looser, and its witness is a token with that value alone. A removed grant is tighter.
 */
export function grantComparer(before: Policy, after: Policy, note: Note): (old: Issuer, now: Issuer) => void {
  let calls: readonly SampleCall[] | undefined;
  return (old, now) => {
    const [was, is] = [valuesOf(old), valuesOf(now)];
    for (const [text, value] of is) {
      const had = was.get(text)?.scopes ?? [];
      const added = value.scopes.filter((scope) => !had.includes(scope));
      if (added.length === 0) continue;
      calls ??= sampleCalls(before, after);
      const witness = {
        issuer: now.name,
        claims: { [value.claim]: value.value },
        scopes: added,
        ...openedBy(
          { policy: before, issuer: old, value: { ...value, scopes: had } },
          { policy: after, issuer: now, value },
          calls,
        ),
      };
      note("looser", placeOf(value), `${text} now grants ${added.join(", ")}. ${opens(witness)}`, witness);
    }
    for (const [text, value] of was) {
      const has = is.get(text)?.scopes ?? [];
      const gone = value.scopes.filter((scope) => !has.includes(scope));
      if (gone.length > 0) note("tighter", placeOf(value), `${text} no longer grants ${gone.join(", ")}.`);
    }
  };
}

/** Tokens of an issuer with one mapped value, and no other claim that grants scopes or meets a condition. */
interface Tokens {
  readonly policy: Policy;
  readonly issuer: Issuer;
  readonly value: MappedValue;
}

/**
 * A call that some of the new tokens can make and none of the old ones could, and the client that the token must be of.
 */
function openedBy(old: Tokens, now: Tokens, calls: readonly SampleCall[]): Pick<TokenWitness, "client" | "call"> {
  const could = holdersOfValue(old.policy, old.issuer, old.value);
  for (const { client, holder } of holdersOfValue(now.policy, now.issuer, now.value)) {
    const found = calls.find(
      ({ before, after }) =>
        isOpen(after, holder) && (before === undefined || !could.some((it) => isOpen(before, it.holder))),
    );
    if (found === undefined) continue;
    const { method, path } = found;
    return { ...(client && { client: client.name }), call: { method, path } };
  }
  return {};
}

function opens({ client, call }: Pick<TokenWitness, "client" | "call">): string {
  if (call === undefined) return "No call was found that it opens by itself.";
  return `It opens calls such as ${call.method} ${call.path}${client === undefined ? "" : `, to the client ${client}`}.`;
}

function placeOf({ issuer, claim, value }: MappedValue) {
  return ["issuers", issuer, "grants", claim, value];
}

/** The mapped values of an issuer, by their claim and value in words. */
function valuesOf(issuer: Issuer): ReadonlyMap<string, MappedValue> {
  const values = mappedValues({ issuers: new Map([[issuer.issuer, issuer]]) });
  return new Map(values.map((it) => [`${textOf(it.value)} in the claim ${it.claim}`, it]));
}

/** Whether a token with nothing else meets a requirement, conditions included. */
function isOpen(requirement: Requirement, holder: Holder): boolean {
  return admitsAnyone(requirement) || authorize(requirement, holder) === "permitted";
}
