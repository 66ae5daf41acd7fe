import type { FaultText } from "../../result.ts";
import type { Fault, Report } from "../fault.ts";
import type { CallSelection, Claim, Client, Guarantee, PathSelection, Upstream } from "../policy.ts";
import { stepUpText } from "../requirements/step-up.ts";
import { parsePathPattern } from "../routing/path-pattern.ts";
import { closest } from "../suggestion.ts";
import { compileRouteHosts } from "./addresses/compile-route-hosts.ts";
import { compileStepUp } from "./authentication/compile-step-up.ts";
import { checkMethods } from "./check-methods.ts";
import { namedIssuers } from "./issuers/named-issuers.ts";
import { compileMessageSelection, describeMessages } from "./mcp/compile-message-selection.ts";
import { namedUpstream } from "./named-upstream.ts";
import type { RequirementCompiler } from "./requirement-compiler.ts";
import type { GuaranteeConfig, PolicyConfig } from "./schema/config-schema.ts";
import type { RequiredScope } from "./schema/required-scope.ts";
import type { Salvaged } from "./validate-policy-config.ts";

/** The parts of a policy that guarantees refer to by name, and what compiles their requirements. */
export interface Named {
  readonly requirements: RequirementCompiler;
  readonly clients: ReadonlyMap<string, Client>;
  readonly upstreams: ReadonlyMap<string, Upstream>;
  readonly hosts: ReadonlySet<string> | undefined;
}

/** Compiles `guarantees`. Whether they hold is not checked here; `prove` checks it. */
export function compileGuarantees(config: Salvaged<PolicyConfig>, named: Named, report: Report): readonly Guarantee[] {
  const guarantees: Guarantee[] = [];
  for (const [index, part] of (config.guarantees ?? []).entries()) {
    if (part === undefined) continue;
    const path = ["guarantees", index];
    const selection = compileSelection(part, path, config, named, report);
    const except = (part.except ?? []).flatMap((it, at) => {
      if (it === undefined) return [];
      const exception = [...path, "except", at];
      // An exception without members covers every call, so that the guarantee would hold for any routes.
      if (Object.keys(it).length === 0)
        report(exception, "This exception leaves out every call.", "Say which calls it leaves out, or remove it.");
      return [compileSelection(it, exception, config, named, report)];
    });
    const claim = compileClaim(part, path, config, named, report);
    if (claim) guarantees.push({ ...selection, name: part.name ?? describe(part), except, claim, index });
  }
  return guarantees;
}

type Selection = Pick<
  Salvaged<GuaranteeConfig>,
  "clients" | "issuers" | "methods" | "hosts" | "paths" | "under" | "mcp"
>;

function compileSelection(
  part: Selection,
  path: Fault["path"],
  config: Salvaged<PolicyConfig>,
  { clients, hosts: served }: Named,
  report: Report,
): CallSelection {
  const areHostsFaulty = Object.hasOwn(config, "hosts") && config.hosts === undefined;
  const hosts = areHostsFaulty ? undefined : compileRouteHosts(part.hosts, served, [...path, "hosts"], report);
  const issuers = namedIssuers(part.issuers, [...path, "issuers"], config, report);
  return {
    clients: part.clients && compileClients(part.clients, [...path, "clients"], config, clients, report),
    issuers: issuers && new Set(issuers),
    hosts: hosts && new Set(hosts),
    methods: part.methods && compileMethods(part.methods, [...path, "methods"], report),
    paths: part.paths || part.under ? compilePaths(part.paths, part.under, path, report) : undefined,
    mcp: part.mcp && compileMessageSelection(part.mcp, [...path, "mcp"], report),
  };
}

type Names = readonly (string | undefined)[];

function compileClients(
  ids: Names,
  path: Fault["path"],
  config: Salvaged<PolicyConfig>,
  clients: ReadonlyMap<string, Client>,
  report: Report,
): ReadonlySet<string> {
  const isFaulty = Object.hasOwn(config, "clients") && config.clients === undefined;
  for (const [index, id] of ids.entries()) {
    if (id === undefined || clients.has(id) || isFaulty) continue;
    const at = [...path, index];
    if (id !== "*") {
      const meant = closest(id, clients.keys());
      const hint = meant === undefined ? "Register it in `clients`." : `Did you mean \`${meant}\`?`;
      report(at, `There is no client \`${id}\`.`, hint);
    } else if (ids.length > 1)
      report(at, "`*` is not the only item of its list.", "Remove the others: it stands for all registered clients.");
  }
  return new Set(ids[0] === "*" ? clients.keys() : ids.filter((id) => id !== undefined));
}

function compileMethods(names: Names, path: Fault["path"], report: Report): ReadonlySet<string> | undefined {
  checkMethods(names, path, report);
  if (names[0] === "*") return undefined;
  const methods = new Set(names.filter((name) => name !== undefined));
  if (methods.has("GET")) methods.add("HEAD");
  return methods;
}

function compilePaths(
  patterns: Names | undefined,
  under: Names | undefined,
  path: Fault["path"],
  report: Report,
): PathSelection {
  return {
    patterns: checkPatterns(patterns, [...path, "paths"], report),
    under: checkPatterns(under, [...path, "under"], report, checkUnder),
  };
}

/** The fault of a pattern that is valid in a route, but would make `under` select less than it seems to. */
function checkUnder(pattern: string): FaultText | undefined {
  if (pattern.endsWith("*")) {
    return { message: "The path ends with `*`.", hint: "Remove the `*`: `under` covers all paths below." };
  }
  if (pattern === "/" || !pattern.endsWith("/")) return undefined;
  const hint = `Write \`${pattern.slice(0, -1)}\`: \`under\` covers it with and without a slash, and all paths below.`;
  return { message: "The path ends with a slash.", hint };
}

function checkPatterns(
  patterns: Names | undefined = [],
  path: Fault["path"],
  report: Report,
  check: (pattern: string) => FaultText | undefined = () => undefined,
): readonly string[] {
  for (const [index, pattern] of patterns.entries()) {
    if (pattern === undefined) continue;
    const segments = parsePathPattern(pattern);
    const found = segments.ok ? check(pattern) : segments.failure;
    if (found) report([...path, index], found.message, found.hint);
  }
  return patterns.filter((pattern) => pattern !== undefined);
}

const CLAIMS = ["never", "requires", "senderConstrained", "authentication", "publicOnly", "upstream"] as const;

function compileClaim(
  part: Salvaged<GuaranteeConfig>,
  path: Fault["path"],
  config: Salvaged<PolicyConfig>,
  { upstreams, requirements }: Named,
  report: Report,
): Claim | undefined {
  const [kind, ...more] = CLAIMS.filter((member) => Object.hasOwn(part, member));
  if (kind === undefined) {
    report(
      path,
      "The guarantee makes no claim.",
      "Add `never`, `requires`, `senderConstrained`, `authentication`, `publicOnly` or `upstream`.",
    );
    return undefined;
  }
  if (more.length > 0) {
    const found = [kind, ...more].map((member) => `\`${member}\``).join(" and ");
    report(path, `The guarantee has ${found}.`, "Write one guarantee for each.");
  }
  switch (kind) {
    case "never":
    case "senderConstrained":
      return { kind };
    case "requires": {
      const expression = part.requires && requirements.guaranteed(part.requires, [...path, kind]);
      return expression && { kind, expression };
    }
    case "authentication": {
      const authentication = compileStepUp(part.authentication, [...path, kind], report);
      return authentication && { kind, authentication };
    }
    case "publicOnly": {
      const patterns = checkPatterns(part.publicOnly, [...path, kind], report);
      return { kind, paths: { patterns, under: [] } };
    }
    case "upstream": {
      const upstream = namedUpstream(part.upstream, [...path, kind], config, upstreams, report);
      return upstream && { kind, upstream };
    }
  }
}

/** Makes a name for a guarantee that has none in the file. */
function describe(part: Salvaged<GuaranteeConfig>): string {
  const calls = [
    part.methods?.join(", "),
    part.paths?.join(", "),
    part.under && `under ${part.under.join(", ")}`,
    part.mcp && describeMessages(part.mcp),
    part.hosts && `on ${part.hosts.join(", ")}`,
    part.clients && `by ${part.clients.join(", ")}`,
    part.issuers && `with tokens of ${part.issuers.join(", ")}`,
  ].filter((words) => words !== undefined);
  const subject = calls.length > 0 ? calls.join(" ") : "any call";
  if (part.never) return `never: ${subject}`;
  if (part.requires) return `${subject} requires ${describeRequired(part.requires)}`;
  if (part.senderConstrained) return `${subject} needs a bound token`;
  if (part.authentication) return `${subject} requires a user who ${describeStepUp(part.authentication)}`;
  if (part.publicOnly) {
    const exceptions = part.publicOnly.length > 0 ? `, except ${part.publicOnly.join(", ")}` : "";
    return `${subject} needs a token${exceptions}`;
  }
  return `${subject} goes to ${part.upstream} only`;
}

function describeStepUp({ acr, maxAgeSeconds }: NonNullable<Salvaged<GuaranteeConfig>["authentication"]>): string {
  const classes = acr?.filter((value) => value !== undefined);
  return stepUpText({ ...(classes && { acr: classes }), ...(maxAgeSeconds !== undefined && { maxAgeSeconds }) });
}

type Required = NonNullable<Salvaged<GuaranteeConfig>["requires"]> | Salvaged<RequiredScope>;

/**
 * A requirement in the words of the file. Wildcards stay as they are, because one may stand for thousands of scopes.
 */
function describeRequired(required: Required | undefined, isNested = false): string {
  if (required === undefined || typeof required === "string") return required ?? "?";
  if ("param" in required) return `${required.param} = ${required.equals}`;
  if ("claim" in required) return `${required.claim} in ${required.in?.join(", ")}`;
  const isAll = "allOf" in required;
  const group = isAll ? required.allOf : "anyOf" in required ? required.anyOf : undefined;
  const parts = "length" in required ? required : (group ?? []);
  const words = parts.map((part) => describeRequired(part, parts.length > 1)).join(isAll ? " and " : " or ");
  return isNested && parts.length > 1 ? `(${words})` : words;
}
