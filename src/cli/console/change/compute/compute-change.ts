import { clientTitle } from "../../../../policy/analysis/clients/client-title.ts";
import { ExpectedError } from "../../../args/exit-code.ts";
import { comparePolicies } from "../../../diff/compare-environments.ts";
import { describeDifference } from "../../../diff/describe-difference.ts";
import { type PolicySource, parsePolicySource, readPolicySource } from "../../../policy-file/policy-source.ts";
import { askedCircumstances, callsOf } from "./asked-call.ts";
import type { ChangeAnswer, ChangeQuestion, UnusableVersion } from "./change-answer.ts";
import { guaranteeChanges } from "./guarantee-changes.ts";
import { newFindings } from "./new-findings.ts";

/**
 * Compares a text with the version of a commit, as `diff`, `prove` and `check` do: in each environment of wrangler's
 * file unless the question names one. A version that is invalid is an answer. Takes seconds for a policy of 10,000
 * routes.
 */
export async function computeChange(question: ChangeQuestion): Promise<ChangeAnswer> {
  const { policyName, text, revision, day, environment } = question;
  const oldName = `git:${revision.commit.id}:${revision.path}`;
  const old = sourceOf("old", () => readPolicySource(oldName));
  if ("lines" in old) return old;
  const now = sourceOf("new", () => parsePolicySource(policyName, text));
  if ("lines" in now) return now;
  try {
    const { before, after, difference } = await comparePolicies(old, now, day, environment);
    return {
      kind: "compared",
      difference: describeDifference(difference, before.policy, after.policy),
      isSameText: old.text === now.text,
      calls: difference.routes.map((change) => callsOf(change, after.policy)),
      settingCircumstances: difference.settings.map(askedCircumstances),
      clientCircumstances: difference.clients.map(({ gained, lost, unenforced }) => ({
        gained: gained.map(askedCircumstances),
        lost: lost.map(askedCircumstances),
        unenforced: unenforced.map(askedCircumstances),
      })),
      clientLabels: difference.clients.map(({ client, isNameReused }) => {
        if (isNameReused) return `${client}${clientTitle(client, before.policy)} (before)`;
        return `${client}${clientTitle(client, after.policy.clients.has(client) ? after.policy : before.policy)}`;
      }),
      isClientKept: difference.clients.map(
        ({ client, isNameReused }) => !isNameReused && after.policy.clients.has(client),
      ),
      guarantees: provedOrNot(() => guaranteeChanges(old, now, day)),
      newFindings: newFindings(before, after, day),
    };
  } catch (error) {
    const lines = linesOf(error);
    // Each fault begins with the name of its file.
    return unusable(lines[0]?.startsWith(`${oldName}:`) ? "old" : "new", lines);
  }
}

function sourceOf(version: UnusableVersion["version"], read: () => PolicySource): PolicySource | UnusableVersion {
  try {
    return read();
  } catch (error) {
    return unusable(version, linesOf(error));
  }
}

function provedOrNot<Value>(prove: () => Value): Value | { readonly undecided: readonly string[] } {
  try {
    return prove();
  } catch (error) {
    return { undecided: linesOf(error) };
  }
}

function unusable(version: UnusableVersion["version"], lines: readonly string[]): UnusableVersion {
  return { kind: "unusable", version, lines };
}

/** The lines of an error that the user can put right. Throws any other error again. */
function linesOf(error: unknown): readonly string[] {
  if (!(error instanceof ExpectedError)) throw error;
  return error.lines;
}
