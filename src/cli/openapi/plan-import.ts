import { isNeverServed } from "../../http/methods.ts";
import type { PathTree } from "../../policy/analysis/path-tree.ts";
import { routeTree } from "../../policy/analysis/route-tree.ts";
import type { RequiredScope, RouteConfig } from "../../policy/compile/schema/config-schema.ts";
import type { Policy, RouteGroup } from "../../policy/policy.ts";
import type { PathSegment } from "../../policy/routing/path-pattern.ts";
import { routeFor } from "../../policy/routing/route-table.ts";
import { type FaultText, fault, type Result, success } from "../../result.ts";
import { UsageError } from "../args/exit-code.ts";
import { type Need, needOf, type ReadNeed } from "./needs.ts";
import { type ReadTemplate, readTemplate } from "./path-template.ts";
import type { ApiDocument, Operation } from "./read-document.ts";
import { type NewScope, ScopeNamer } from "./scope-namer.ts";

export interface ImportOptions {
  /** In front of every path; may be empty. */
  readonly prefix: string;
  /** Name of the upstream of new routes; default: the only one of the policy. */
  readonly upstream: string | undefined;
  /** Identifier of the resource server of new scopes; default: the only one of the policy. */
  readonly resourceServer: string | undefined;
  /** What is made of operations of which the document does not say who may call them. */
  readonly unsecured: "public" | "authenticated";
}

/** What a document adds to a policy. */
export interface ImportPlan {
  readonly routes: readonly RouteConfig[];
  readonly scopes: readonly NewScope[];
  /** Operations that a route of the same shape serves already, or will with another operation. */
  readonly kept: readonly Operation[];
  readonly skipped: readonly SkippedOperation[];
  /** What whoever imports should know, one sentence each. */
  readonly remarks: readonly string[];
}

export interface SkippedOperation extends Pick<Operation, "method" | "path"> {
  readonly why: string;
}

/** An operation that no route serves. */
interface Candidate {
  readonly operation: Operation;
  readonly template: ReadTemplate;
  readonly read: ReadNeed;
  /** What it requires, as a member of its route; or why no route can require that. */
  readonly member: Result<RequirementMember, FaultText>;
}

/**
 * Works out which routes and scopes a policy lacks for the operations of a document. Operations of one path with the
 * same requirement share a route. Nothing of the policy is changed, whatever the document says of it: `drift` compares.
 *
 * Several templates can come to one pattern. A template that the pattern says exactly goes before those that it does
 * not, and where those that count disagree there is no route: whichever came first would open up the others.
 *
 * @throws UsageError if an option is needed, or names what is not there
 */
export function planImport(document: ApiDocument, policy: Policy, options: ImportOptions): ImportPlan {
  const upstream = chooseUpstream(policy, options.upstream);
  const namer = new ScopeNamer(policy, document, options.resourceServer);
  const routes = new Map<string, RouteConfig & { methods: string[] }>();
  const candidates = new Candidates();
  const kept: Operation[] = [];
  const skipped: SkippedOperation[] = [];
  const skip = ({ method, path }: Operation, why: string): number => skipped.push({ method, path, why });
  const remarks = new Remarks();
  for (const operation of document.operations) {
    const template = readTemplate(operation.path, options.prefix);
    if (!template.ok) skip(operation, `${template.failure.message} ${template.failure.hint}`);
    else if (isNeverServed(operation.method)) skip(operation, "The method is never served.");
    else if (isServed(routeTree(policy), template.value.segments, operation.method)) kept.push(operation);
    else {
      const read = needOf(operation, document);
      const member = requirementMember(read.need ?? { kind: options.unsecured }, namer);
      candidates.add({ operation, template: template.value, read, member });
    }
  }
  for (const { sharing, deciding } of candidates.byCall()) {
    const [first, ...others] = deciding;
    const agree = others.every((other) => isSameMember(other, first));
    for (const candidate of sharing) {
      const { operation, member } = candidate;
      if (!agree) skip(operation, "Operations whose paths are one pattern require different things.");
      else if (!isSameMember(candidate, first)) {
        skip(operation, `Its requests are those of ${first.operation.path}, too, which requires something else.`);
      } else if (!member.ok) skip(operation, `${member.failure.message} ${member.failure.hint}`);
      else if (candidate !== first) kept.push(operation);
      else addRoute(candidate, member.value);
    }
  }
  return {
    routes: [...routes.values()].map(withoutCoveredHead),
    scopes: namer.declared,
    kept,
    skipped,
    remarks: remarks.sentences(),
  };

  function addRoute({ operation, template, read: { need, unchecked } }: Candidate, member: RequirementMember): void {
    if (template.isLooser) remarks.add("takes more paths than the document says", operation);
    if (need === undefined) {
      remarks.add(`is ${options.unsecured}: the document does not say who may call it`, operation);
    }
    if (unchecked.length > 0) {
      remarks.add(`is also secured by ${unchecked.join(", ")}, which the gateway does not check`, operation);
    }
    for (const scope of new Set(need?.kind === "scopes" ? need.anyOf.flat() : [])) {
      const remark = namer.remarkOn(scope);
      if (remark !== undefined) remarks.add(remark, operation);
    }
    const key = `${template.pattern} ${JSON.stringify(member)}`;
    const route = routes.get(key) ?? { path: template.pattern, methods: [], ...member, upstream };
    route.methods.push(operation.method);
    routes.set(key, route);
  }
}

/** Candidates by method and shape: those that one route would serve. */
class Candidates {
  readonly #byCall = new Map<string, [Candidate, ...Candidate[]]>();

  add(candidate: Candidate): void {
    const call = `${candidate.operation.method} ${candidate.template.shape}`;
    const sharing = this.#byCall.get(call);
    if (sharing) sharing.push(candidate);
    else this.#byCall.set(call, [candidate]);
  }

  /** Those of each call, and which of them (of HEAD: or of GET, which covers it) decide what it requires. */
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

function chooseUpstream({ upstreams }: Policy, name: string | undefined): string {
  const known = [...upstreams.keys()];
  if (name !== undefined && upstreams.has(name)) return name;
  if (name !== undefined) throw new UsageError(`There is no upstream \`${name}\`. Known: ${known.join(", ")}.`);
  const [only, ...more] = known;
  if (only !== undefined && more.length === 0) return only;
  throw new UsageError(`Say with --upstream where the API is. Known: ${known.join(", ") || "none; add it first"}.`);
}

/** Whether a route of exactly this shape takes the method. */
function isServed(tree: PathTree<RouteGroup>, segments: readonly PathSegment[], method: string): boolean {
  const leaf = leafOf(tree, segments);
  return leaf !== undefined && routeFor(leaf, method) !== undefined;
}

/** Where exactly such a pattern ends in the tree, if one does. */
function leafOf(tree: PathTree<RouteGroup>, segments: readonly PathSegment[]): RouteGroup | undefined {
  let node: PathTree<RouteGroup> | undefined = tree;
  for (const segment of segments) {
    if (segment.kind === "wildcard") return node?.wildcard;
    node = segment.kind === "literal" ? node?.literals.get(segment.text) : node?.parameter;
  }
  return node?.leaf;
}

type RequirementMember = Pick<RouteConfig, "scopes"> | Pick<RouteConfig, "public"> | Pick<RouteConfig, "authenticated">;

/** What a route has to say to require what the document says; or why no route can. */
function requirementMember(need: Need, namer: ScopeNamer): Result<RequirementMember, FaultText> {
  if (need.kind === "public") return success({ public: true });
  if (need.kind === "authenticated") return success({ authenticated: true });
  const ways = need.anyOf.map((scopes) => scopes.map((scope) => namer.nameOf(scope) ?? { unusable: scope }));
  const unusable = ways.flat().find((name) => typeof name === "object");
  if (typeof unusable === "object") {
    return fault(`\`${unusable.unusable}\` cannot be the name of a scope.`, "Rename it in the document.");
  }
  const groups = ways.map((names): RequiredScope => {
    const all = names.filter((name) => typeof name === "string");
    return all.length === 1 && all[0] !== undefined ? all[0] : { allOf: all };
  });
  const [only] = groups;
  return success({ scopes: groups.length === 1 && typeof only === "object" ? only : groups });
}

/** GET covers HEAD. */
function withoutCoveredHead(route: RouteConfig & { methods: string[] }): RouteConfig {
  const isCovered = route.methods.includes("GET");
  return { ...route, methods: route.methods.filter((method) => !isCovered || method !== "HEAD") };
}

/** One sentence for all operations of which the same is to be said. */
class Remarks {
  readonly #operations = new Map<string, string[]>();

  add(what: string, { method, path }: Operation): void {
    const names = this.#operations.get(what) ?? [];
    names.push(`${method} ${path}`);
    this.#operations.set(what, names);
  }

  sentences(): readonly string[] {
    return Array.from(this.#operations, ([what, [first, ...more]]) =>
      more.length === 0 ? `${first} ${what}.` : `${first} and ${more.length} more: each ${what}.`,
    );
  }
}
