import { createHash } from "node:crypto";
import { wranglerFilesBeside } from "../../policy-file/wrangler-file.ts";
import { shownPolicy, textsOf } from "../view/policy-state.ts";
import type { ViewContext } from "../view/view-context.ts";
import type { VersionedQuestion } from "./compute/change-answers.ts";
import { fileOf, type Revision } from "./compute/revision.ts";

/**
 * What to compare: the policy that the console shows, with a revision. `undefined`: no version of the policy has been
 * valid since the console started.
 */
export function askedChange(context: ViewContext, revision: Revision): VersionedQuestion | undefined {
  const { policyName, state, day, environment } = context;
  const text = shownPolicy(state)?.text;
  if (text === undefined) return undefined;
  const question = { policyName, text, revision, day, environment };
  return { question, version: digestOf(question, textsOf(wranglerFilesBeside(fileOf(policyName)))) };
}

/**
 * Tells what a page shows from anything that it would show now: the difference, or that it is being computed; the
 * faults of the file; the sentence that stands there if there is no such revision.
 */
export function pageVersion(
  { state }: Pick<ViewContext, "state">,
  found: { readonly asked: VersionedQuestion | undefined; readonly isComputed: boolean } | { readonly refusal: string },
): string {
  const faults = state.kind === "invalid" ? state.lines : undefined;
  return digestOf(faults, "refusal" in found ? found.refusal : [found.asked?.version, found.isComputed]);
}

function digestOf(...parts: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url").slice(0, 22);
}
