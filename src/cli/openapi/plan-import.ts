import { isNeverServed } from "../../http/methods.ts";
import { endingOf, type PathTree } from "../../policy/analysis/paths/path-tree.ts";
import { routeTree } from "../../policy/analysis/route-tree.ts";
import type { RouteConfig } from "../../policy/compile/schema/config-schema.ts";
import type { ScopeGroup } from "../../policy/compile/schema/required-scope.ts";
import type { Policy, RouteGroup } from "../../policy/policy.ts";
import type { PathSegment } from "../../policy/routing/path-pattern.ts";
import { routeFor } from "../../policy/routing/route-table.ts";
import { type FaultText, fault, type Result, success } from "../../result.ts";
import { UsageError } from "../args/exit-code.ts";
import type { ApiDocument, Operation } from "./document/api-document.ts";
import { type Need, needOf, type ReadNeed } from "./needs.ts";
import { type ReadTemplate, readTemplate } from "./path-template.ts";
import { Remarks } from "./remarks.ts";
import { type NewScope, ScopeNamer } from "./scope-namer.ts";

/** How the operations of the document become routes. */
export interface ImportOptions {
  /** The gateway's path in front of every path of the document; may be empty. */
  readonly prefix: string;
  /** Name of the upstream of new routes; default: the only one of the policy. */
  readonly upstream: string | undefined;
  /** Identifier of the resource server of new scopes; default: the only one of the policy. */
  readonly resourceServer: string | undefined;
  /** The requirement of operations whose callers the document does not restrict. */
  readonly unsecured: "public" | "authenticated";
}

/** What a document adds to a policy. */
export interface ImportPlan {
  readonly routes: readonly RouteConfig[];
  /** For each of the routes, the operations that it is for. */
  readonly origins: readonly (readonly Operation[])[];
  readonly scopes: readonly NewScope[];
  /** Operations that need no route: one of the same shape serves them already, or a new route of this plan will. */
  readonly kept: readonly Operation[];
  readonly skipped: readonly SkippedOperation[];
  /** What the user should know about the new routes, one sentence each. */
  readonly remarks: readonly string[];
}

/** An operation that cannot become a route, with the reason in sentences. */
export interface SkippedOperation extends Pick<Operation, "method" | "path"> {
  readonly why: string;
}

/** An operation that no route serves. */
interface Candidate {
  readonly operation: Operation;
  readonly template: ReadTemplate;
  readonly read: ReadNeed;
  /** The requirement as a member of a route, or why no route can have it. */
  readonly member: Result<RequirementMember, FaultText>;
}

/**
 * Works out which routes and scopes a policy lacks for the operations of a document. Operations of one path with the
 * same requirement share a route. Existing routes are never changed, even if the document disagrees with them: `drift
 * openapi` reports that.
 *
 * Several templates can have the same pattern, for example `/files/{id}` and `/files/{id}:copy`. The template that the
 * pattern expresses exactly sets the requirement; conflicting ones are skipped. If no template is exact and the
 * requirements differ, all are skipped, because importing any one of them would open the others.
 *
 * Does not check whether a route also serves requests of an operation that was skipped: `findWeaker` does.
 *
 * Throws `UsageError` if an option is missing or names something that the policy does not have.
 *
 * @param refused operations to skip, each with the reason
 */
export function planImport(
  document: ApiDocument,
  policy: Policy,
  options: ImportOptions,
  refused: ReadonlyMap<Operation, string> = new Map(),
): ImportPlan {
  const upstream = chooseUpstream(policy, options.upstream);
  const namer = new ScopeNamer(policy, document, options.resourceServer);
  const routes = new Map<
    string,
    { readonly route: RouteConfig & { methods: string[] }; readonly origins: Operation[] }
  >();
  const candidates = new Candidates();
  const kept: Operation[] = [];
  const skipped: SkippedOperation[] = [];
  const skip = ({ method, path }: Operation, why: string): number => skipped.push({ method, path, why });
  const remarks = new Remarks();
  for (const operation of document.operations) {
    const template = readTemplate(operation.path, options.prefix);
    const refusal = refused.get(operation);
    if (refusal !== undefined) skip(operation, refusal);
    else if (!template.ok) skip(operation, `${template.failure.message} ${template.failure.hint}`);
    else if (isNeverServed(operation.method)) skip(operation, "The method is never served.");
    else if (isServed(routeTree(policy), template.value.segments, operation.method)) kept.push(operation);
    else if (operation.isPreflight && policy.cors) kept.push(operation);
    else if (operation.isPreflight) skip(operation, PREFLIGHT);
    else {
      const read = needOf(operation, document);
      if (!read.ok) skip(operation, `${read.failure.message} ${read.failure.hint}`);
      else {
        const member = requirementMember(read.value.need ?? { kind: options.unsecured }, namer);
        candidates.add({ operation, template: template.value, read: read.value, member });
      }
    }
  }
  for (const { sharing, deciding } of candidates.byCall()) {
    const [first, ...others] = deciding;
    const agree = others.every((other) => isSameMember(other, first));
    for (const candidate of sharing) {
      const { operation, member } = candidate;
      if (!agree) skip(operation, "Operations with the same path pattern have different requirements.");
      else if (!isSameMember(candidate, first)) {
        skip(operation, `It has the path pattern of ${first.operation.path}, which has another requirement.`);
      } else if (!member.ok) skip(operation, `${member.failure.message} ${member.failure.hint}`);
      else if (candidate !== first) kept.push(operation);
      else addRoute(candidate, member.value);
    }
  }
  return {
    routes: Array.from(routes.values(), ({ route }) => withoutCoveredHead(route)),
    origins: Array.from(routes.values(), ({ origins }) => origins),
    scopes: namer.declared,
    kept,
    skipped,
    remarks: remarks.sentences(),
  };

  function addRoute({ operation, template, read }: Candidate, member: RequirementMember): void {
    const { need, unchecked, isTighter } = read;
    if (template.isLooser) remarks.add("matches more paths than the document says", operation);
    if (need === undefined) {
      remarks.add(`is ${options.unsecured}: the document does not say who may call it`, operation);
    }
    if (unchecked.length > 0) {
      remarks.add(`is also secured by ${unchecked.join(", ")}, which the gateway does not check`, operation);
    }
    if (isTighter) {
      remarks.add("asks for all of its scopes, although Amazon API Gateway admits a token with any of them", operation);
    }
    for (const scope of new Set(need?.kind === "scopes" ? need.anyOf.flat() : [])) {
      const remark = namer.remarkOn(scope);
      if (remark !== undefined) remarks.add(remark, operation);
    }
    // `*` stands alone in its list.
    const key = `${template.pattern} ${operation.method === "*"} ${JSON.stringify(member)}`;
    const planned = routes.get(key) ?? {
      route: { path: template.pattern, methods: [], ...member, upstream },
      origins: [],
    };
    planned.route.methods.push(operation.method);
    planned.origins.push(operation);
    routes.set(key, planned);
  }
}

const PREFLIGHT =
  "This is Amazon API Gateway's own answer to CORS preflights. Set `cors` in the policy: the gateway then answers them.";

/** Candidates by method and shape. The candidates of one group would be served by one route. */
class Candidates {
  readonly #byCall = new Map<string, [Candidate, ...Candidate[]]>();

  add(candidate: Candidate): void {
    const call = `${candidate.operation.method} ${candidate.template.shape}`;
    const sharing = this.#byCall.get(call);
    if (sharing) sharing.push(candidate);
    else this.#byCall.set(call, [candidate]);
  }

  /** The groups, each with the candidates that decide its requirement. GET covers HEAD and can decide for it. */
  byCall(): readonly {
    readonly sharing: readonly Candidate[];
    readonly deciding: readonly [Candidate, ...Candidate[]];
  }[] {
    return Array.from(this.#byCall, ([call, sharing]) => {
      const covering = call.startsWith("HEAD ") ? this.#byCall.get(call.replace("HEAD", "GET")) : undefined;
      const [exact] = [sharing, covering ?? []].map(exactOnes).filter(isFilled);
      return { sharing, deciding: exact ?? sharing };
    });
  }
}

function exactOnes(candidates: readonly Candidate[]): readonly Candidate[] {
  return candidates.filter(({ template }) => !template.isLooser);
}

function isFilled<Item>(items: readonly Item[]): items is readonly [Item, ...Item[]] {
  return items.length > 0;
}

function isSameMember(one: Candidate, other: Candidate): boolean {
  return JSON.stringify(one.member) === JSON.stringify(other.member);
}

/**
 * Name of the upstream of new routes: the one that is named, or else the only one.
 *
 * @throws UsageError there is no such upstream, or several to choose from
 */
export function chooseUpstream({ upstreams }: Policy, name: string | undefined): string {
  const known = [...upstreams.keys()];
  if (name !== undefined && upstreams.has(name)) return name;
  if (name !== undefined) throw new UsageError(`There is no upstream \`${name}\`. Known: ${known.join(", ")}.`);
  const [only, ...more] = known;
  if (only !== undefined && more.length === 0) return only;
  throw new UsageError(
    `Use --upstream to name the upstream of the API. Known: ${known.join(", ") || "none; add it first"}.`,
  );
}

/** Whether a route of exactly this shape serves the method. */
function isServed(tree: PathTree<RouteGroup>, segments: readonly PathSegment[], method: string): boolean {
  const leaf = leafOf(tree, segments);
  return leaf !== undefined && routeFor(leaf, method) !== undefined;
}

/** The routes of exactly this shape, if there are any. */
function leafOf(tree: PathTree<RouteGroup>, segments: readonly PathSegment[]): RouteGroup | undefined {
  const ending = endingOf(segments);
  let node: PathTree<RouteGroup> | undefined = tree;
  for (const segment of ending === "leaf" ? segments : segments.slice(0, -1)) {
    node = segment.kind === "literal" ? node?.literals.get(segment.text) : node?.parameter;
  }
  return node?.[ending];
}

type RequirementMember = Pick<RouteConfig, "scopes" | "public" | "optional" | "authenticated">;

/** The requirement as a member of a route, or why no route can have it. */
function requirementMember(need: Need, namer: ScopeNamer): Result<RequirementMember, FaultText> {
  if (need.kind === "public") return success({ public: true });
  if (need.kind === "optional") return success({ optional: true });
  if (need.kind === "authenticated") return success({ authenticated: true });
  const ways = need.anyOf.map((scopes) => scopes.map((scope) => namer.nameOf(scope) ?? { unusable: scope }));
  const unusable = ways.flat().find((name) => typeof name === "object");
  if (typeof unusable === "object") {
    return fault(`\`${unusable.unusable}\` cannot be the name of a scope.`, "Rename it in the document.");
  }
  const groups = ways.map((names): string | ScopeGroup => {
    const all = names.filter((name) => typeof name === "string");
    return all.length === 1 && all[0] !== undefined ? all[0] : { allOf: all };
  });
  const [only] = groups;
  return success({ scopes: groups.length === 1 && typeof only === "object" ? only : groups });
}

/** Leaves out HEAD where GET covers it. */
function withoutCoveredHead(route: RouteConfig & { methods: string[] }): RouteConfig {
  const isCovered = route.methods.includes("GET");
  return { ...route, methods: route.methods.filter((method) => !isCovered || method !== "HEAD") };
}
