import { type Lint, lintPolicy } from "../../policy/analysis/lint/lint-policy.ts";
import { lintReports } from "../../policy/analysis/lint/lint-reports.ts";
import type { OnStep } from "../../policy/analysis/on-step.ts";
import { policyOn } from "../../policy/analysis/reports.ts";
import { compilePolicy } from "../../policy/compile/compile-policy.ts";
import type { PolicyConfig } from "../../policy/compile/schema/config-schema.ts";
import type { Candidate } from "../../policy/compiled/compile-candidate.ts";
import type { Policy } from "../../policy/policy.ts";
import { dayOf } from "../../policy/settings/report-only.ts";
import { placeholders } from "../../policy/source/placeholders.ts";
import { InputError } from "../args/exit-code.ts";
import { DEPLOYMENT_CODES, type Exposure } from "../deploy/exposure.ts";
import { type DeploymentStage, findExposures } from "../deploy/find-exposures.ts";
import { checkIssuerOnline, ONLINE_CODES } from "../discovery/check-issuer-online.ts";
import { inTextOrder, type PolicySource } from "../policy-file/policy-source.ts";
import type { WranglerEnvironment } from "../policy-file/read-environments.ts";
import { shadowFileOf } from "../policy-file/read-shadow.ts";
import { hasVariables, namesBindings } from "../policy-file/read-variables.ts";
import { readWranglerFileBeside, type WranglerFile } from "../policy-file/wrangler-file.ts";
import type { Finding, Found } from "./finding.ts";
import { guaranteeFindings } from "./guarantee-findings.ts";
import { messageAudiences } from "./message-audiences.ts";
import { metricsBinding } from "./metrics-binding.ts";
import { rateLimitBindings } from "./rate-limit-bindings.ts";
import { replayBinding } from "./replay-binding.ts";
import { revocationsBinding } from "./revocations-binding.ts";
import { type CheckedShadow, shadowChecker } from "./shadow-findings.ts";
import { upstreamBindings } from "./upstream-bindings.ts";

/** How a policy is checked. */
export interface CheckOptions {
  /** Name of the one environment to check; default: all. */
  readonly environment?: string | undefined;
  /** Vars to check with instead of those of wrangler's file. Bindings and secrets are then not looked at. */
  readonly vars?: Readonly<Record<string, unknown>> | undefined;
  /**
   * Changes the parsed file of the candidate first, as the caller has changed that of the policy; default: not at all.
   */
  readonly adaptCandidate?: ((file: unknown) => unknown) | undefined;
  /** The day for routes with `report`, in UTC, as `YYYY-MM-DD`; default: today. */
  readonly day?: string | undefined;
  /** Whether to compare issuers with what they answer; default: no. */
  readonly isOnline?: boolean | undefined;
  /** Is told what is checked now. */
  readonly onStep?: OnStep | undefined;
  /** Also check what a deployment with the wrangler file beside the policy would expose; default: do not. */
  readonly deployment?: DeploymentStage | undefined;
}

/** What a check found. */
export interface CheckReport {
  /** In the order of the policy's file, then those in other files, each in its order. */
  readonly findings: readonly Finding[];
  /** Names of the environments whose vars were used; `undefined`: stand-ins were, because there is no wrangler file. */
  readonly environments: readonly string[] | undefined;
  /** The policy, compiled with the vars of the last environment; `undefined`: it has faults there. */
  readonly policy: Policy | undefined;
  /** What its `shadow` is compiled to; `undefined`: it has none, or one of the two has faults. */
  readonly candidate?: Candidate | undefined;
}

/**
 * Checks a policy with the vars and bindings of every environment in the wrangler file beside it. In each environment
 * it finds the faults or, if there are none, the broken guarantees, the missing bindings and secrets, and the lints. Of
 * the candidate that `shadow` names, it finds the faults only. If asked, it also finds the errors of a deployment and,
 * unless the policy has a fault, its warnings and notices. An error in one environment is an error, because the same
 * file is deployed to all of them.
 *
 * It asks no issuer, unless it is told to, and no upstream.
 *
 * @throws InputError there is no such environment
 */
export async function checkPolicy(
  source: PolicySource,
  {
    environment: only,
    vars,
    adaptCandidate,
    day = dayOf(Date.now()),
    isOnline = false,
    deployment,
    onStep = () => {},
  }: CheckOptions = {},
): Promise<CheckReport> {
  const environments =
    vars === undefined ? await environmentsOf(source, only, deployment !== undefined) : [alone(vars, false)];
  const found = new Map<string, Omit<Finding, "environments"> & { readonly environments: string[] }>();
  let policy: Policy | undefined;
  let candidate: Candidate | undefined;
  const inspect = inspector(source, day, onStep);
  const checkShadow = shadowChecker(source, adaptCandidate);
  for (const environment of environments) {
    const inspected = inspect(environment.vars);
    const { compiled } = inspected;
    policy = compiled.ok ? compiled.value : undefined;
    const shadow: CheckedShadow = compiled.ok ? checkShadow(environment.vars, !environment.wrangler) : { errors: [] };
    candidate = shadow.candidate;
    const online = isOnline && policy !== undefined ? await issuersOnline(policy) : [];
    const exposed = (deployment === undefined ? [] : exposures(environment, source.value, deployment)).filter(
      // As with lints: first the faults, then the advice.
      ({ severity }) => compiled.ok || severity === "error",
    );
    for (const finding of [...findingsIn(environment, inspected), ...shadow.errors, ...online, ...exposed]) {
      const key = JSON.stringify([finding.code, finding.path, finding.message]);
      const known = found.get(key) ?? { ...finding, environments: [] };
      known.environments.push(environment.name);
      found.set(key, known);
    }
  }
  const findings = Array.from(found.values(), ({ environments: names, ...finding }) => ({
    ...finding,
    environments: names.length < environments.length ? names : undefined,
  }));
  return {
    findings: [
      ...inTextOrder(
        source,
        findings.filter(({ place }) => place === undefined),
      ),
      ...findings
        .filter(({ place }) => place !== undefined)
        .sort((a, b) => compareTexts(a.place?.file, b.place?.file) || (a.place?.line ?? 0) - (b.place?.line ?? 0)),
    ],
    environments: environments[0]?.isStandIn ? undefined : environments.map(({ name }) => name),
    policy,
    candidate,
  };
}

function compareTexts(a = "", b = ""): number {
  return a < b ? -1 : Number(a > b);
}

interface Environment {
  readonly name: string;
  readonly vars: Readonly<Record<string, unknown>>;
  readonly isStandIn: boolean;
  /** The environment in wrangler's file, and the file; `undefined`: there is none. */
  readonly wrangler: { readonly environment: WranglerEnvironment; readonly file: WranglerFile } | undefined;
}

async function environmentsOf(
  source: PolicySource,
  only: string | undefined,
  needsFile: boolean,
): Promise<readonly Environment[]> {
  // The candidate that `shadow` names may have variables, too.
  const mayNeedFile = hasVariables(source) || namesBindings(source) || shadowFileOf(source) !== undefined;
  if (!needsFile && !mayNeedFile && only === undefined) return [alone({}, false)];
  const file = await readWranglerFileBeside(source.name);
  const all = file?.environments.map((environment) => {
    const { name, vars } = environment;
    return { name: name || TOP_LEVEL, vars, isStandIn: false, wrangler: { environment, file } };
  });
  if (only === undefined) return all ?? [alone(placeholders(source.text), hasVariables(source))];
  const chosen = all?.filter(({ name }) => name === only) ?? [];
  if (chosen.length > 0) return chosen;
  const known = all?.map(({ name }) => name).join(", ") || "none";
  throw new InputError(`There is no environment ${only} in wrangler's file. Known: ${known}.`);
}

/** The name by which commands know the top level of wrangler's file. */
export const TOP_LEVEL = "top level";

function alone(vars: Environment["vars"], isStandIn: boolean): Environment {
  return { name: TOP_LEVEL, vars, isStandIn, wrangler: undefined };
}

/** What the file and its vars decide, and nothing else of an environment. */
interface Inspected {
  readonly compiled: ReturnType<typeof compilePolicy>;
  /** The faults or, if there are none, the broken guarantees. */
  readonly errors: readonly Found[];
  readonly lints: readonly Found[];
}

/** Returns a function that inspects the policy with some vars. Environments with the same policy share the result. */
function inspector(
  { text, value }: PolicySource,
  day: string,
  onStep: OnStep,
): (vars: Environment["vars"]) => Inspected {
  const known = new Map<string, Inspected>();
  // An escape such as `\u0024` can spell a variable, too.
  const isFixed = !hasVariables({ text }) && !text.includes("\\u");
  return (vars) => {
    const key = isFixed ? "" : JSON.stringify(vars);
    const inspected = known.get(key) ?? inspectWith(value, vars, day, onStep);
    known.set(key, inspected);
    return inspected;
  };
}

function inspectWith(value: unknown, vars: Environment["vars"], day: string, onStep: OnStep): Inspected {
  const compiled = compilePolicy(value, vars);
  if (!compiled.ok) {
    const errors = compiled.failure.map(
      (fault): Found => ({ ...fault, code: "invalid", severity: "error", reason: undefined }),
    );
    return { compiled, errors, lints: [] };
  }
  // The policy compiled, so its file has this type.
  onStep("looking for warnings");
  const { lints, suppressed } = lintPolicy(compiled.value, value as PolicyConfig);
  const reports = lintReports(compiled.value, day);
  return {
    compiled,
    errors: [...guaranteeFindings(policyOn(compiled.value, day), onStep), ...messageAudiences(compiled.value)],
    lints: [
      ...[...lints, ...reports].map((lint) => foundLint(lint, undefined)),
      ...suppressed.map((lint) => foundLint(lint, lint.reason)),
    ],
  };
}

function findingsIn({ wrangler }: Environment, { compiled, errors, lints }: Inspected): readonly Found[] {
  const settings = wrangler?.environment.settings;
  const bindings = compiled.ok
    ? [
        ...upstreamBindings(compiled.value, settings),
        ...metricsBinding(compiled.value, settings),
        ...replayBinding(compiled.value, settings),
        ...revocationsBinding(compiled.value, settings),
        ...rateLimitBindings(compiled.value, settings),
      ]
    : [];
  return [...errors, ...bindings, ...lints];
}

function exposures({ wrangler }: Environment, policy: unknown, stage: DeploymentStage): readonly Found[] {
  if (wrangler === undefined) return [];
  const { environment, file } = wrangler;
  const found = findExposures(policy, environment, file.environments, stage);
  return found.map((exposure) => foundExposure(exposure, file));
}

/** An exposure as a finding, with its place if that is in wrangler's file. */
function foundExposure({ code, source, path, message, hint }: Exposure, { name, locate }: WranglerFile): Found {
  const place = source === "wrangler" ? { file: name, ...locate(path) } : undefined;
  return { code, severity: DEPLOYMENT_CODES[code], path, message, hint, reason: undefined, place };
}

/** All issuers at once, because each may take seconds. */
async function issuersOnline(policy: Policy): Promise<readonly Found[]> {
  const findings = await Promise.all(Array.from(policy.issuers.values(), checkIssuerOnline));
  return findings.flat().map((finding) => ({ ...finding, severity: ONLINE_CODES[finding.code], reason: undefined }));
}

function foundLint({ code, severity, path, message, hint }: Lint, reason: string | undefined): Found {
  return { code, severity, path, message, hint, reason };
}
