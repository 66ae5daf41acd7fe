import { dayOf } from "../../policy/settings/report-only.ts";
import { InputError } from "../args/exit-code.ts";
import { closesSomething } from "../diff/change-kinds.ts";
import { type Comparison, comparePolicies } from "../diff/compare-environments.ts";
import { parseGitName } from "../policy-file/git-file.ts";
import type { FileCommit } from "../policy-file/git-history.ts";
import { DEFAULT_POLICY, type PolicySource, readPolicySource } from "../policy-file/policy-source.ts";
import { readVariables } from "../policy-file/read-variables.ts";
import { digestOfSource, findDeployed, type Search } from "./find-deployed.ts";
import type { LiveGateway } from "./read-ready.ts";

/** The live policy against the file. */
export interface LiveComparison {
  readonly live: LiveGateway;
  /** The policy that it is compared with, and its digest. */
  readonly file: { readonly name: string; readonly digest: string };
  /** The newest commit that has the live policy; `undefined`: none was found. */
  readonly commit: FileCommit | undefined;
  /** What the search found; `undefined`: git could not search, or the live policy is invalid. */
  readonly search: Search | undefined;
  /** What git said, where it could not search. */
  readonly gitFailure: string | undefined;
  /** The difference from the live policy to the file; `undefined`: equal digests, or it is not known. */
  readonly comparison: Comparison | undefined;
  /** Why the policies could not be compared. */
  readonly compareFailure: readonly string[] | undefined;
  /** `undefined`: it is not known. */
  readonly isSame: boolean | undefined;
  /** Whether the file closes something that the live policy has open; `undefined`: it is not known. */
  readonly closes: boolean | undefined;
}

/**
 * Finds the commit that a gateway's policy comes from, and compares it with a policy in meaning.
 *
 * @param environment the one of wrangler's file; default: all for the difference, the top level for the digest
 * @throws InputError the policy has a fault, or there is no such environment
 */
export async function compareLive(
  live: LiveGateway,
  source: PolicySource,
  environment: string | undefined,
): Promise<LiveComparison> {
  const vars = await readVariables(source, { from: "wrangler", environment });
  const digest = await digestOfSource(source, vars);
  if (digest === undefined) {
    throw new InputError(`${source.name}: The policy has a fault. Run scopegate check --policy ${source.name}.`);
  }
  const history = live.digest === undefined ? undefined : await findDeployed(fileOf(source), live.digest, vars);
  const search = history?.ok ? history.value : undefined;
  const commit = search?.found[0];
  const known = {
    live,
    file: { name: source.name, digest },
    commit,
    search,
    gitFailure: history?.ok === false ? history.failure : undefined,
  };
  if (live.digest === digest || commit === undefined) {
    const isSame = live.digest === digest ? true : undefined;
    return { ...known, comparison: undefined, compareFailure: undefined, isSame, closes: isSame && false };
  }
  try {
    const before = readPolicySource(`git:${commit.id}:${commit.path}`);
    const comparison = await comparePolicies(before, source, dayOf(Date.now()), environment);
    const { routes, settings, clients } = comparison.difference;
    const isSame = routes.length + settings.length + clients.length === 0;
    const closes = closesSomething(comparison.difference);
    return { ...known, comparison, compareFailure: undefined, isSame, closes };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { ...known, comparison: undefined, compareFailure: error.lines, isSame: undefined, closes: undefined };
  }
}

/** The file whose history is searched. */
function fileOf({ name }: PolicySource): string {
  return parseGitName(name, DEFAULT_POLICY)?.path ?? name;
}
