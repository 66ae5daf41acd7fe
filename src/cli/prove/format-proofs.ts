import { clientTitle } from "../../policy/analysis/clients/client-title.ts";
import { formatClaims } from "../../policy/analysis/format-claims.ts";
import { formatRoute, shortestName } from "../../policy/analysis/format-requirement.ts";
import { idleNotes } from "../../policy/analysis/proof/idle-guarantee.ts";
import { moreCounterexamples } from "../../policy/analysis/proof/more-counterexamples.ts";
import { type Counterexample, issuerOfCaller, type Proof } from "../../policy/analysis/proof/proof.ts";
import { isEnforced } from "../../policy/analysis/proof/prove.ts";
import type { Fault } from "../../policy/fault.ts";
import type { Policy } from "../../policy/policy.ts";
import { counted } from "../output.ts";
import type { Colours } from "../print/colours.ts";
import { requestText } from "../print/request-text.ts";

/** Limit of the counterexamples shown for one guarantee. `--json` has them all. */
const MAX_SHOWN = 5;

/** With an example, because a project that `create` wrote has no guides. */
const NONE = 'The policy has no guarantees. `"guarantees": [{ "publicOnly": [] }]` says that each call needs a token.';

/** Formats each guarantee with its verdict and the calls that break it. */
export function formatProofs(
  proofs: readonly Proof[],
  policy: Policy,
  placeOf: (path: Fault["path"]) => string,
  colours: Colours,
): readonly string[] {
  if (proofs.length === 0) return [NONE];
  const lines = proofs.flatMap((proof) => formatProof(proof, policy, placeOf, colours));
  const broken = proofs.filter(({ breaches }) => breaches.length > 0).length;
  const idle = proofs.filter(({ isIdle }) => isIdle).length;
  const verdict = broken > 0 ? `${broken} of ${counted(proofs.length, "guarantee")} broken` : "All of them hold.";
  const idleness =
    idle === 0 ? [] : [`Idle, because they are about no call: ${idle} of ${counted(proofs.length, "guarantee")}.`];
  return [...lines, "", verdict, ...idleness, ...assumption(policy).map(colours.faint)];
}

function formatProof(
  proof: Proof,
  policy: Policy,
  placeOf: (path: Fault["path"]) => string,
  { good, bad, doubtful, strong, faint }: Colours,
): readonly string[] {
  const { guarantee, breaches, isIdle, isAssumed } = proof;
  const place = faint(placeOf(["guarantees", guarantee.index]));
  const notes = idleNotes(policy, proof).map(
    ({ message, hint }) => `        ${doubtful(isIdle ? "Idle:" : "Note:")} ${message} ${hint}`,
  );
  if (breaches.length === 0) {
    const assumed = isAssumed ? doubtful("  (assumed)") : "";
    return [`${good("holds ")}  ${guarantee.name}  ${place}${assumed}`, ...notes];
  }
  const more = breaches.length > MAX_SHOWN ? [`        and ${moreCounterexamples(breaches.slice(MAX_SHOWN))}`] : [];
  return [
    `${bad("BROKEN")}  ${strong(guarantee.name)}  ${place}`,
    ...breaches
      .slice(0, MAX_SHOWN)
      .flatMap((counterexample) => [
        `        ${requestText(counterexample)}  ${formatCaller(counterexample, policy)}`,
        faint(`          ${routeText(counterexample, policy)}  ${placeOf(["routes", counterexample.route.index])}`),
      ]),
    ...more,
    ...notes,
  ];
}

/** Who makes a call that breaks a guarantee, and with what token, in words. */
export function formatCaller({ caller, scopes, tenant, claims }: Counterexample, policy: Policy): string {
  if (caller.kind === "anonymous") return "by anyone, without a token";
  const client =
    caller.kind === "client"
      ? `client ${caller.client.name}${clientTitle(caller.client.name, policy)}`
      : "an unregistered client";
  const who = policy.issuers.size > 1 ? `${client} of ${issuerOfCaller(caller)}` : client;
  const granted = scopes.map((scope) => shortestName(scope, policy)).join(" ");
  const ofTenant = tenant === undefined ? "" : `, of the tenant ${tenant}`;
  const needed = (claims === undefined ? "" : ` and the claims ${formatClaims(claims)}`) + ofTenant;
  return `by ${who}, with ${granted === "" ? "a token without scopes" : granted}${needed}`;
}

function routeText({ route }: Counterexample, policy: Policy): string {
  const { methods, path, upstream } = route;
  return `route ${methods.join(",")} ${path}: ${formatRoute(route, policy)} -> ${upstream.name}`;
}

function assumption(policy: Policy): readonly string[] {
  if (isEnforced(policy)) return [];
  return [
    "Assumption: tokens of a registered client grant at most the scopes of its registration.",
    "The gateway checks that itself for an issuer that sets registeredClientsOnly.",
    "A guarantee that would not hold without it is marked (assumed).",
  ];
}
