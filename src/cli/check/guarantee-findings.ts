import { clientTitle } from "../../policy/analysis/clients/client-title.ts";
import { formatClaims } from "../../policy/analysis/format-claims.ts";
import type { OnStep } from "../../policy/analysis/on-step.ts";
import { idleNotes } from "../../policy/analysis/proof/idle-guarantee.ts";
import type { IdleNote } from "../../policy/analysis/proof/idle-note.ts";
import { moreCounterexamples } from "../../policy/analysis/proof/more-counterexamples.ts";
import { type Counterexample, issuerOfCaller, type Proof } from "../../policy/analysis/proof/proof.ts";
import { prove } from "../../policy/analysis/proof/prove.ts";
import { UndecidedError } from "../../policy/analysis/undecided-error.ts";
import { LINTS } from "../../policy/lint-codes.ts";
import type { Policy } from "../../policy/policy.ts";
import { requestText } from "../print/request-text.ts";
import type { Found } from "./finding.ts";

/**
 * Proves the guarantees of a policy. A guarantee that cannot be decided is an error, too: it may be broken.
 *
 * @param onStep is told what is proved now
 */
export function guaranteeFindings(policy: Policy, onStep: OnStep): readonly Found[] {
  const error = { severity: "error", reason: undefined } as const;
  try {
    return prove(policy, onStep).flatMap((proof) => [
      ...brokenFinding(proof, policy),
      ...idleNotes(policy, proof).map((note) => idleFinding(proof, note)),
    ]);
  } catch (cause) {
    if (!(cause instanceof UndecidedError)) throw cause;
    const hint =
      "Simplify the requirements, or begin overlapping patterns with literals of their own, such as `/tenants/:tenant`.";
    return [{ ...error, code: "unproven-guarantee", path: ["guarantees"], message: cause.message, hint }];
  }
}

/** One finding for a guarantee, even if thousands of routes break it. */
function brokenFinding({ guarantee, breaches }: Proof, policy: Policy): readonly Found[] {
  const [first, ...others] = breaches;
  if (first === undefined) return [];
  const more = others.length === 0 ? "" : ` Calls ${moreCounterexamples(others)} break it, too.`;
  return [
    {
      severity: "error",
      code: "broken-guarantee",
      path: ["guarantees", guarantee.index],
      message: `It does not hold: ${formatCounterexample(first, policy)}.${more}`,
      hint: "Change the route or the guarantee. `scopegate prove` has the details.",
      reason: undefined,
    },
  ];
}

/** A lint, although `lintPolicy` does not find it: only a proof knows it. */
function idleFinding({ guarantee }: Proof, { message, hint, isLikelyMistake }: IdleNote): Found {
  const code = isLikelyMistake ? "idle-guarantee" : "unserved-guarantee";
  return {
    code,
    severity: LINTS[code].severity,
    reason: undefined,
    path: ["guarantees", guarantee.index],
    message,
    hint,
  };
}

function formatCounterexample(breach: Counterexample, policy: Policy): string {
  const { caller, scopes, tenant, claims, route } = breach;
  const client =
    caller.kind === "client"
      ? `\`${caller.client.name}\`${clientTitle(caller.client.name, policy)}`
      : "an unregistered client";
  const from = policy.issuers.size > 1 ? ` of \`${issuerOfCaller(caller)}\`` : "";
  const needed = claims === undefined ? "" : ` and the claims ${formatClaims(claims)}`;
  const ofTenant = tenant === undefined ? "" : `, of the tenant ${tenant},`;
  const token = `${scopes.join(" ") || "no scopes"}${needed}${ofTenant}`;
  const who = caller.kind === "anonymous" ? "anyone" : `${client}${from} with ${token}`;
  const until = route.report === undefined ? "" : `, which only reports until ${route.report.until}`;
  return `${who} may call ${requestText(breach)} (routes[${route.index}]${until})`;
}
