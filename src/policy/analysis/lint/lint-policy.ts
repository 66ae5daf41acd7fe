import type { SuppressibleLint } from "../../compile/schema/config-schema.ts";
import type { Fault } from "../../fault.ts";
import type { Policy } from "../../policy.ts";
import { lintCollections } from "./lint-collections.ts";
import { lintRequirements } from "./lint-requirements.ts";
import { lintSettings } from "./lint-settings.ts";
import { lintSiblings } from "./lint-siblings.ts";

/** Something odd about a policy that may serve all the same. `hint` is the fix. */
export interface Lint extends Fault {
  readonly code: LintCode;
  /** A `notice` may well be meant and has no route to be silenced at; a `warning` wants a fix, or a reason. */
  readonly severity: "warning" | "notice";
}

export type LintCode =
  | SuppressibleLint
  | "unused-scope"
  | "client-opens-nothing"
  | "unused-upstream"
  | "unused-issuer"
  | "http-upstream"
  | "unregistered-clients"
  | "no-registered-client"
  | "long-clock-tolerance"
  | "long-stale-keys"
  | "needless-silence";

/** The lints that routes silence, as they stand in the file: reason by code, for each route in order. */
export type Suppressions = readonly { readonly lint?: Partial<Readonly<Record<SuppressibleLint, string>>> }[];

export interface LintReport {
  readonly lints: readonly Lint[];
  /** Those that their route silences, with its reason. */
  readonly silenced: readonly (Lint & { readonly reason: string })[];
}

/**
 * Everything odd about a policy, in the order of the file's routes, then the rest of the file. A route that silences a
 * lint keeps its reason in the file; one that silences what does not occur is reported, or reasons would outlive what
 * they were given for.
 */
export function lintPolicy(policy: Policy, routes: Suppressions): LintReport {
  const found = [...lintRequirements(policy), ...lintSiblings(policy), ...lintCollections(policy)];
  const inOrder = found.sort((a, b) => routeOf(a) - routeOf(b));
  const lints: Lint[] = [];
  const silenced: (Lint & { readonly reason: string })[] = [];
  const used = new Set<string>();
  for (const lint of inOrder) {
    const silences: Readonly<Record<string, string>> = routes[routeOf(lint)]?.lint ?? {};
    const reason = Object.hasOwn(silences, lint.code) ? silences[lint.code] : undefined;
    if (reason === undefined) lints.push(lint);
    else silenced.push({ ...lint, reason });
    used.add(`${routeOf(lint)} ${lint.code}`);
  }
  for (const [index, { lint = {} }] of routes.entries()) {
    for (const code of Object.keys(lint)) {
      if (!used.has(`${index} ${code}`)) lints.push(needless(index, code));
    }
  }
  return { lints: [...lints, ...lintSettings(policy)], silenced };
}

function routeOf({ path }: Fault): number {
  return Number(path[1]);
}

function needless(index: number, code: string): Lint {
  return {
    code: "needless-silence",
    severity: "notice",
    path: ["routes", index, "lint", code],
    message: `There is no \`${code}\` here to silence.`,
    hint: "Leave it out.",
  };
}
