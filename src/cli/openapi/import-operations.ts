import { compilePolicy } from "../../policy/compile/compile-policy.ts";
import { formatFault } from "../../policy/fault.ts";
import type { Policy, Route } from "../../policy/policy.ts";
import { InputError } from "../args/exit-code.ts";
import { decide } from "../decide.ts";
import type { LoadedPolicy } from "../policy-file/policy-source.ts";
import { readVariables } from "../policy-file/read-variables.ts";
import type { ApiDocument, Operation } from "./document/api-document.ts";
import { findWeaker, type WeakerRoute } from "./find-weaker.ts";
import { mergePlan } from "./merge-plan.ts";
import { type ImportOptions, type ImportPlan, planImport } from "./plan-import.ts";

/** A policy with the routes of a document. */
export interface Import {
  readonly plan: ImportPlan;
  /** The text of the policy with the plan merged into it. */
  readonly text: string;
  readonly policy: Policy;
  /** The existing routes that ask for less than the document says, one sentence each. */
  readonly weakerRoutes: readonly string[];
}

/**
 * Adds the operations of a document to a policy, so that no new route asks for less than the document says.
 *
 * An operation whose route would also serve requests of another, which needs something else, is refused, and the rest
 * is planned again: without it, a less specific route may take its requests. An import never changes an existing route,
 * so those that ask for less are only named.
 *
 * Throws `InputError` if the policy would be invalid or cannot be compared, and `UsageError` like `planImport`.
 */
export async function importOperations(
  document: ApiDocument,
  before: LoadedPolicy,
  options: ImportOptions,
): Promise<Import> {
  const oldRoutes = before.policy.routes.length;
  const isNew = ({ index }: Route): boolean => index >= oldRoutes;
  const refused = new Map<Operation, string>();
  for (;;) {
    const plan = planImport(document, before.policy, options, refused);
    const text = mergePlan(before.text, plan);
    const policy = await compileMerged(text, before.name);
    const weaker = decide(() => findWeaker(document, policy, options, isNew));
    if (weaker.length === 0) {
      const old = decide(() => findWeaker(document, policy, options, (route) => !isNew(route)));
      return { plan, text, policy, weakerRoutes: sentencesOn(old) };
    }
    const known = refused.size;
    for (const found of weaker) {
      const { route, method } = found;
      for (const origin of plan.origins[route.index - oldRoutes] ?? []) {
        if (origin.method === method) refused.set(origin, reasonFor(origin, found));
      }
    }
    if (refused.size === known) throw new Error("A route that asks for too little has no operation.");
  }
}

function reasonFor(origin: Operation, { operation, isUnknown }: WeakerRoute): string {
  if (origin === operation) return "No route can ask for what the document says.";
  const why = isUnknown ? "which cannot be imported" : "which needs something else";
  return `Its route would also serve ${operation.method} ${operation.path}, ${why}.`;
}

function sentencesOn(weaker: readonly WeakerRoute[]): readonly string[] {
  return Array.from(
    Map.groupBy(weaker, ({ route }) => route),
    ([route, [first, ...more]]) => {
      const what = `${first?.operation.method} ${first?.operation.path}${more.length > 0 ? ` and ${more.length} more` : ""}`;
      const where = `The existing route ${route.methods.join(",")} ${route.path}`;
      return `${where} does not ask for all that ${what} needs. Compare them with drift openapi.`;
    },
  );
}

/** Compiles the policy with its new routes. Throws `InputError` for a fault: a faulty policy is never written. */
async function compileMerged(text: string, name: string): Promise<Policy> {
  const vars = await readVariables({ name, text }, { from: "placeholders" });
  const compiled = compilePolicy(JSON.parse(text), vars);
  if (compiled.ok) return compiled.value;
  throw new InputError(
    ["With these operations the policy would be invalid:", ...compiled.failure.map(formatFault)].join("\n"),
  );
}
