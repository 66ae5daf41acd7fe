import type { SettingChange } from "../../policy/analysis/diff/settings/setting-change.ts";
import type { OnStep } from "../../policy/analysis/on-step.ts";
import type { Policy, Upstream } from "../../policy/policy.ts";
import { placeholders } from "../../policy/source/placeholders.ts";
import { InputError } from "../args/exit-code.ts";
import { decide } from "../decide.ts";
import { bindingTargets } from "../policy-file/binding-targets.ts";
import { compileSource, type LoadedPolicy, type PolicySource } from "../policy-file/policy-source.ts";
import type { WranglerEnvironment } from "../policy-file/read-environments.ts";
import { hasVariables, namesBindings } from "../policy-file/read-variables.ts";
import { readEnvironmentsBeside } from "../policy-file/wrangler-file.ts";
import { diffOverTime } from "./diff-over-time.ts";
import { type MergedDifference, mergeDifferences } from "./merge-differences.ts";

/** Two policies and what differs. */
export interface Comparison {
  readonly before: LoadedPolicy;
  readonly after: LoadedPolicy;
  readonly difference: MergedDifference;
}

/**
 * Compares two policies as they are deployed: in each environment of wrangler's file, each side with the vars and
 * service bindings of its own wrangler file. A side without a wrangler file is given those of the other. Without any,
 * variables stand for themselves on both sides.
 *
 * @param day the first day that counts for routes with `report`, in UTC, as `YYYY-MM-DD`
 * @param only name of the one environment to compare; default: all
 * @param onStep is told what is compared now
 * @throws InputError a policy is not valid in an environment, or there is no such environment
 */
export async function comparePolicies(
  old: PolicySource,
  now: PolicySource,
  day: string,
  only?: string,
  onStep: OnStep = () => {},
): Promise<Comparison> {
  const needsWrangler = only !== undefined || [old, now].some((side) => hasVariables(side) || namesBindings(side));
  const [was, is] = needsWrangler
    ? [await readEnvironmentsBeside(old.name), await readEnvironmentsBeside(now.name)]
    : [undefined, undefined];
  const oldEnvironments = was ?? is ?? [NO_ENVIRONMENT];
  const newEnvironments = is ?? was ?? [NO_ENVIRONMENT];
  const names = new Set([...oldEnvironments, ...newEnvironments].map(({ name }) => name));
  if (only !== undefined && !names.has(only)) {
    const known = [...names].filter((name) => name !== "").join(", ") || "none";
    throw new InputError(`There is no environment ${only} in wrangler's file. Known: ${known}.`);
  }
  const compared = [...(only === undefined ? names : [only])].map((name): Compared => {
    const sides = [find(oldEnvironments, name), find(newEnvironments, name)] as const;
    return compareIn(name, old, now, sides, day, onStep);
  });
  const [first] = compared;
  if (first === undefined) throw new Error("There is an environment, if only one that stands in.");
  const difference = mergeDifferences(
    compared.map(({ environment, comparison }) => ({ label: environment, difference: comparison.difference })),
  );
  const lost = was !== undefined && is === undefined && now.name.startsWith("git:") ? [NO_FILE] : [];
  return { ...first.comparison, difference: { ...difference, settings: [...difference.settings, ...lost] } };
}

/** Stands in where there is no wrangler file: variables stand for themselves. */
const NO_ENVIRONMENT: WranglerEnvironment = { name: "", vars: {}, services: new Map(), settings: {} };

const NO_FILE: SettingChange = {
  kind: "incomparable",
  path: [],
  message: "The new commit has no wrangler file, so its variables and bindings are not known.",
};

interface Compared {
  /** Its name; empty: the top level. */
  readonly environment: string;
  readonly comparison: Comparison;
}

function compareIn(
  environment: string,
  old: PolicySource,
  now: PolicySource,
  [was, is]: readonly [WranglerEnvironment | undefined, WranglerEnvironment | undefined],
  day: string,
  onStep: OnStep,
): Compared {
  const compile = (source: PolicySource, settings: WranglerEnvironment | undefined): LoadedPolicy =>
    compileSource(source, { ...placeholders(source.text), ...settings?.vars });
  // An environment that only one side has is compared with itself: it did not serve, or it will not.
  const [before, after] = [compile(old, was ?? is), compile(now, is ?? was)];
  const { routes, settings, clients } = decide(() => diffOverTime(before.policy, after.policy, day, onStep));
  const bindings = was && is ? movedBindings(before.policy, after.policy, was, is) : [];
  const presence = was === undefined ? [APPEARED] : is === undefined ? [DISAPPEARED] : [];
  return {
    environment,
    comparison: { before, after, difference: { routes, settings: [...settings, ...bindings, ...presence], clients } },
  };
}

const APPEARED: SettingChange = { kind: "added", path: [], message: "The wrangler file has a new environment." };
const DISAPPEARED: SettingChange = {
  kind: "removed",
  path: [],
  message: "The wrangler file no longer has the environment.",
};

/** The bindings that both policies use and that lead elsewhere now. */
function movedBindings(
  before: Policy,
  after: Policy,
  was: WranglerEnvironment,
  is: WranglerEnvironment,
): readonly SettingChange[] {
  const used = new Set(
    Array.from(before.upstreams.values())
      .flatMap(usedBindings)
      .map(({ binding }) => binding),
  );
  const [old, now] = [targetsOf(was), targetsOf(is)];
  return Array.from(after.upstreams.values())
    .flatMap(usedBindings)
    .flatMap(({ binding, path }): readonly SettingChange[] => {
      if (!used.has(binding)) return [];
      const [from, to] = [old.get(binding), now.get(binding)];
      if (from === to) return [];
      const message = `The binding ${binding} leads to ${to ?? "nothing"}. Before, it led to ${from ?? "nothing"}.`;
      return [{ kind: "moved", path, message }];
    });
}

interface UsedBinding {
  readonly binding: string;
  readonly path: SettingChange["path"];
}

/** The bindings that an upstream names, secrets included. */
function usedBindings(upstream: Upstream): readonly UsedBinding[] {
  const at = ["upstreams", upstream.name];
  const [member, binding] = upstream.kind === "service" ? ["service", upstream.binding] : ["via", upstream.via];
  return [
    ...(binding === undefined ? [] : [{ binding, path: [...at, member] }]),
    ...upstream.headers.flatMap(({ header, value }) =>
      value.kind === "secret" ? [{ binding: value.secret, path: [...at, "headers", header, "secret"] }] : [],
    ),
  ];
}

/** Where each binding leads, by its name. */
function targetsOf({ services, settings }: WranglerEnvironment): ReadonlyMap<string, string> {
  const others = Array.from(bindingTargets(settings), ([name, { target }]) => [name, target] as const);
  return new Map([...others, ...services]);
}

function find(environments: readonly WranglerEnvironment[], name: string): WranglerEnvironment | undefined {
  return environments.find((environment) => environment.name === name);
}
