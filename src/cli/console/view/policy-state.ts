import { existsSync, readFileSync } from "node:fs";
import { ExpectedError } from "../../args/exit-code.ts";
import { type LoadedPolicy, type PolicySource, readPolicySource } from "../../policy-file/policy-source.ts";

/**
 * The policy as it stands on disk. `loaded` stays the same object until the file or a file it depends on changes, so
 * what is computed from it may be kept in a `WeakMap`.
 */
export type PolicyState =
  | { readonly kind: "valid"; readonly loaded: LoadedPolicy }
  | {
      readonly kind: "invalid";
      /** All faults with their places, each a line for people. */
      readonly lines: readonly string[];
      /** The last policy that was valid; left out: there was none since the console started. */
      readonly last?: LoadedPolicy | undefined;
    };

/** The policy to show: the one on disk, or the last valid one. `undefined`: none has been valid. */
export function shownPolicy(state: PolicyState): LoadedPolicy | undefined {
  return state.kind === "valid" ? state.loaded : state.last;
}

/** Where a policy comes from. */
export interface PolicyInput {
  /** A file, or `git:REV`, which is read once: a commit does not change. */
  readonly name: string;
  /** Compiles its text. Throws `InputError` if it is not valid. */
  readonly compile: (source: PolicySource) => Promise<LoadedPolicy>;
  /** Says what else the outcome depends on, such as the texts of other files. It is asked before each reading. */
  readonly dependsOn: () => string;
}

/**
 * Returns a function that reads the state of a policy. It compiles only if a text has changed since the last call, and
 * calls at the same time share that work.
 */
export function policyReader({ name, compile, dependsOn }: PolicyInput): () => Promise<PolicyState> {
  let known: string | undefined;
  let last: LoadedPolicy | undefined;
  let state: Promise<PolicyState> | undefined;

  const load = async (): Promise<PolicyState> => {
    try {
      last = await compile(readPolicySource(name));
      return { kind: "valid", loaded: last };
    } catch (error) {
      if (!(error instanceof ExpectedError)) throw error;
      return { kind: "invalid", lines: error.lines, last };
    }
  };
  return async () => {
    const found = `${name.startsWith("git:") ? "" : textOf(name)}\0${dependsOn()}`;
    if (state === undefined || found !== known) {
      const before = state;
      known = found;
      // One after the other, so that a slow older text never takes the place of a newer one.
      state = Promise.resolve(before)
        .catch(() => undefined)
        .then(load);
      state.catch(() => {
        known = undefined;
      });
    }
    return await state;
  };
}

/** The texts of files, one after the other. A file that cannot be read counts as none. */
export function textsOf(files: readonly string[]): string {
  return files.map((file) => (existsSync(file) ? textOf(file) : "")).join("\0");
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
