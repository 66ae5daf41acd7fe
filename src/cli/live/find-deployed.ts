import { MAX_COMMITS_SEARCHED } from "../../limits.ts";
import { buildPolicy } from "../../policy/compiled/build-policy.ts";
import { parseJson } from "../../policy/source/parse-json.ts";
import { placeholders } from "../../policy/source/placeholders.ts";
import type { Result } from "../../result.ts";
import { type FileCommit, fileHistory, readGitBlob } from "../policy-file/git-history.ts";
import type { PolicySource } from "../policy-file/policy-source.ts";

/** The search for the commits whose policy has a digest. */
export interface Search {
  /** The commits that have it, the newest first. */
  readonly found: readonly FileCommit[];
  /** Whether they were found on other branches and tags only, and not behind the current commit. */
  readonly isElsewhere: boolean;
  /** How many commits were looked at. */
  readonly looked: number;
  /** How many of them have no valid policy. */
  readonly faulty: number;
  /** Whether there are older commits that were not looked at. */
  readonly isCut: boolean;
  /** Whether the clone lacks older commits. */
  readonly isShallow: boolean;
}

type Vars = Readonly<Record<string, unknown>>;

/**
 * Finds the commits of a policy's file that compile to a digest: behind the current commit first, and then on all other
 * branches and tags. It follows renames. Commits with a faulty policy are passed over. Fails with what git said.
 *
 * @param file the path of the policy
 * @param vars of the environment, because a policy can be checked with values only
 */
export async function findDeployed(file: string, digest: string, vars: Vars): Promise<Result<Search, string>> {
  const digests = new Map<string, string | undefined>();
  const search = async (revisions: readonly string[]): Promise<Result<Omit<Search, "isElsewhere">, string>> => {
    const history = fileHistory(file, revisions, MAX_COMMITS_SEARCHED + 1);
    if (!history.ok) return history;
    const commits = history.value.commits.slice(0, MAX_COMMITS_SEARCHED);
    for (const { blob } of commits) {
      if (blob !== undefined && !digests.has(blob)) digests.set(blob, await digestOfBlob(file, blob, vars));
    }
    const digestOf = ({ blob }: FileCommit) => (blob === undefined ? undefined : digests.get(blob));
    return {
      ok: true,
      value: {
        found: commits.filter((commit) => digestOf(commit) === digest),
        looked: commits.length,
        faulty: commits.filter((commit) => digestOf(commit) === undefined).length,
        isCut: history.value.commits.length > MAX_COMMITS_SEARCHED,
        isShallow: history.value.isShallow,
      },
    };
  };
  const here = await search(["HEAD"]);
  if (!here.ok) return here;
  if (here.value.found.length > 0) return { ok: true, value: { ...here.value, isElsewhere: false } };
  const elsewhere = await search(["--all"]);
  const isFound = elsewhere.ok && elsewhere.value.found.length > 0;
  return { ok: true, value: { ...(isFound ? elsewhere.value : here.value), isElsewhere: isFound } };
}

/** The digest of a policy as it is written; `undefined`: it has a fault. */
export async function digestOfSource({ text, value }: Pick<PolicySource, "text" | "value">, vars: Vars) {
  const madeUp = placeholders(text);
  const built = await buildPolicy(value, { ...madeUp, ...vars });
  if (built.ok) return built.value.digest;
  // An older policy may use a variable in a place for which the value of today does not fit. The digest has no values.
  const again = await buildPolicy(value, madeUp);
  return again.ok ? again.value.digest : undefined;
}

async function digestOfBlob(file: string, blob: string, vars: Vars): Promise<string | undefined> {
  const text = readGitBlob(file, blob);
  const parsed = text.ok ? parseJson(text.value) : undefined;
  return text.ok && parsed?.ok ? await digestOfSource({ text: text.value, value: parsed.value }, vars) : undefined;
}
