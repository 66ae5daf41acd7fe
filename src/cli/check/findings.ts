import { type Lint, lintPolicy } from "../../policy/analysis/lint/lint-policy.ts";
import { type Counterexample, prove } from "../../policy/analysis/prove.ts";
import { UndecidedError } from "../../policy/analysis/undecided-error.ts";
import { compilePolicy } from "../../policy/compile/compile-policy.ts";
import type { PolicyConfig } from "../../policy/compile/schema/config-schema.ts";
import type { Fault } from "../../policy/fault.ts";
import type { Policy } from "../../policy/policy.ts";
import { InputError } from "../args/exit-code.ts";
import {
  hasVariables,
  inTextOrder,
  type PolicySource,
  placeholders,
  readEnvironmentsBeside,
} from "../policy-file/policy-source.ts";

/** Something `check` says about a policy. */
export interface Finding extends Fault {
  /** `invalid` for every fault; else that of the lint. */
  readonly code:
    | "invalid"
    | "broken-guarantee"
    | "unproven-guarantee"
    | "own-binding"
    | "unbound-service"
    | Lint["code"];
  /** A policy with an `error` must not be deployed; if it is `invalid` it never serves. */
  readonly severity: "error" | Lint["severity"];
  /** The reason that the file gives for silencing it; `undefined`: it is not silenced. */
  readonly reason: string | undefined;
  /** Where it is found, when that is not everywhere: names of wrangler's environments. */
  readonly environments: readonly string[] | undefined;
}

export interface CheckReport {
  /** In the order of the file. */
  readonly findings: readonly Finding[];
  /** Names of the environments whose vars were put in; `undefined`: stand-ins, for there is no wrangler file. */
  readonly environments: readonly string[] | undefined;
  /** Compiled with the vars of the last environment; `undefined`: it has faults there. */
  readonly policy: Policy | undefined;
}

/**
 * Everything to be said about a policy: its faults or, where there is none, its broken guarantees and its lints, under
 * the vars and bindings of every environment of the wrangler configuration beside it. What is wrong in one is wrong.
 */
export async function checkPolicy(source: PolicySource, only?: string): Promise<CheckReport> {
  const environments = await environmentsOf(source, only);
  const found = new Map<string, Omit<Finding, "environments"> & { readonly environments: string[] }>();
  let policy: Policy | undefined;
  for (const environment of environments) {
    const compiled = compilePolicy(source.value, environment.vars);
    policy = compiled.ok ? compiled.value : undefined;
    for (const finding of findingsIn(environment, source.value, compiled)) {
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
    findings: inTextOrder(source, findings),
    environments: environments[0]?.isStandIn ? undefined : environments.map(({ name }) => name),
    policy,
  };
}

interface Environment {
  readonly name: string;
  readonly vars: Readonly<Record<string, unknown>>;
  /** Names of the service bindings; `undefined`: not known. */
  readonly services: ReadonlySet<string> | undefined;
  readonly isStandIn: boolean;
}

async function environmentsOf(source: PolicySource, only: string | undefined): Promise<readonly Environment[]> {
  if (!hasVariables(source) && !hasServices(source) && only === undefined) return [alone({}, false)];
  const read = await readEnvironmentsBeside(source.name);
  const all = read?.map(({ name, ...rest }) => ({ ...rest, name: name || TOP_LEVEL, isStandIn: false }));
  if (only === undefined) return all ?? [alone(placeholders(source.text), hasVariables(source))];
  const chosen = all?.filter(({ name }) => name === only) ?? [];
  if (chosen.length > 0) return chosen;
  const known = all?.map(({ name }) => name).join(", ") || "none";
  throw new InputError(`There is no environment ${only} in wrangler's file. Known: ${known}.`);
}

const TOP_LEVEL = "top level";

function alone(vars: Environment["vars"], isStandIn: boolean): Environment {
  return { name: TOP_LEVEL, vars, services: undefined, isStandIn };
}

/** Whether wrangler's file has a say in more than variables; it takes a second to read. */
function hasServices({ text }: PolicySource): boolean {
  return text.includes('"service"');
}

type Found = Omit<Finding, "environments">;

function findingsIn(
  { services }: Environment,
  value: unknown,
  compiled: ReturnType<typeof compilePolicy>,
): readonly Found[] {
  if (!compiled.ok) {
    return compiled.failure.map((fault) => ({ ...fault, code: "invalid", severity: "error", reason: undefined }));
  }
  const policy = compiled.value;
  // It compiled, so its shape is right.
  const { lints, silenced } = lintPolicy(policy, (value as PolicyConfig).routes);
  return [
    ...guarantees(policy),
    ...serviceBindings(policy, services),
    ...lints.map((lint) => ({ ...lint, reason: undefined })),
    ...silenced,
  ];
}

/** What the gateway itself binds: none of it is a service that requests can go to. */
const OWN_BINDINGS: ReadonlySet<string> = new Set(["JWKS", "VERSION"]);

function serviceBindings(policy: Policy, services: Environment["services"]): readonly Found[] {
  return Array.from(policy.upstreams.values()).flatMap((upstream): Found[] => {
    if (upstream.kind !== "service") return [];
    const { name, binding } = upstream;
    const error = { severity: "error", path: ["upstreams", name, "service"], reason: undefined } as const;
    if (OWN_BINDINGS.has(binding)) {
      const message = `The binding \`${binding}\` is the gateway's own: it is no service.`;
      return [{ ...error, code: "own-binding", message, hint: "Bind the service under another name." }];
    }
    if (services === undefined || services.has(binding)) return [];
    const message = `There is no service binding \`${binding}\`.`;
    const hint = "Add it under [[services]] of wrangler.toml, for every environment.";
    return [{ ...error, code: "unbound-service", message, hint }];
  });
}

/** What could not be proven may not hold: it is an error as well. */
function guarantees(policy: Policy): readonly Found[] {
  const error = { severity: "error", reason: undefined } as const;
  try {
    return prove(policy).flatMap(({ guarantee, breaches }) =>
      breaches.map((counterexample) => ({
        ...error,
        code: "broken-guarantee",
        path: ["guarantees", guarantee.index],
        message: `It does not hold: ${witness(counterexample)}.`,
        hint: "Change the route or the guarantee; `scopegate prove` says more.",
      })),
    );
  } catch (cause) {
    if (!(cause instanceof UndecidedError)) throw cause;
    const hint = "Write the requirements with fewer groups, or the patterns with less overlap.";
    return [{ ...error, code: "unproven-guarantee", path: ["guarantees"], message: cause.message, hint }];
  }
}

function witness({ method, path, caller, scopes, route }: Counterexample): string {
  const who =
    caller.kind === "anonymous"
      ? "anybody"
      : `${caller.kind === "client" ? `\`${caller.client.id}\`` : "an unregistered client"} with ${scopes.join(" ") || "no scopes"}`;
  return `${who} may call ${method} ${path} (routes[${route.index}])`;
}
