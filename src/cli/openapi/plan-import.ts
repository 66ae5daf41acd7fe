import { routeFor } from "../../policy/match.ts";
import { isNeverServed } from "../../policy/methods.ts";
import { type PathSegment, PatternFault } from "../../policy/path-pattern.ts";
import type { Policy, RouteLeaf, RouteNode } from "../../policy/policy.ts";
import type { RequiredScope, RouteFile } from "../../policy/schema.ts";
import { UsageError } from "../run-command.ts";
import { type Need, needOf } from "./needs.ts";
import { readTemplate } from "./path-template.ts";
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
  readonly routes: readonly RouteFile[];
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

/**
 * Works out which routes and scopes a policy lacks for the operations of a document. Operations of one path with the
 * same requirement share a route. Nothing of the policy is changed, whatever the document says of it: `drift` compares.
 *
 * @throws UsageError if an option is needed, or names what is not there
 */
export function planImport(document: ApiDocument, policy: Policy, options: ImportOptions): ImportPlan {
  const upstream = chooseUpstream(policy, options.upstream);
  const namer = new ScopeNamer(policy, document, options.resourceServer);
  const routes = new Map<string, RouteFile & { methods: string[] }>();
  /** What each method of each shape requires. */
  const taken = new Map<string, string>();
  const kept: Operation[] = [];
  const skipped: SkippedOperation[] = [];
  const remarks = new Remarks();
  for (const operation of document.operations) {
    const { method, path } = operation;
    const skip = (why: string): number => skipped.push({ method, path, why });
    const template = readTemplate(path, options.prefix);
    if (template instanceof PatternFault) {
      skip(`${template.message} ${template.hint}`);
      continue;
    }
    if (isNeverServed(method)) {
      skip("The method is never served.");
      continue;
    }
    const leaf = leafOf(policy.tree, template.segments);
    if (leaf && routeFor(leaf, method)) {
      kept.push(operation);
      continue;
    }
    const { need, unchecked } = needOf(operation, document);
    const member = requirementMember(need ?? { kind: options.unsecured }, namer);
    if (typeof member === "string") {
      skip(member);
      continue;
    }
    // Names of parameters do not tell paths apart.
    const shape = `${method} ${template.pattern.replace(/\/:[^/]+/g, "/:")}`;
    const required = JSON.stringify(member);
    const twin = taken.get(shape);
    if (twin === required) kept.push(operation);
    else if (twin !== undefined)
      skip("Another operation has the same path, but for names, and requires something else.");
    if (twin !== undefined) continue;
    taken.set(shape, required);
    if (template.isLooser) remarks.add("takes more paths than the document says", operation);
    if (need === undefined)
      remarks.add(`is ${options.unsecured}: the document does not say who may call it`, operation);
    if (unchecked.length > 0) {
      remarks.add(`is also secured by ${unchecked.join(", ")}, which the gateway does not check`, operation);
    }
    const key = `${template.pattern} ${required}`;
    const route = routes.get(key) ?? { path: template.pattern, methods: [], ...member, upstream };
    route.methods.push(method);
    routes.set(key, route);
  }
  return {
    routes: [...routes.values()].map(withoutCoveredHead),
    scopes: namer.declared,
    kept,
    skipped,
    remarks: remarks.sentences(),
  };
}

function chooseUpstream({ upstreams }: Policy, name: string | undefined): string {
  const known = [...upstreams.keys()];
  if (name !== undefined && upstreams.has(name)) return name;
  if (name !== undefined) throw new UsageError(`There is no upstream \`${name}\`. Known: ${known.join(", ")}.`);
  const [only, ...more] = known;
  if (only !== undefined && more.length === 0) return only;
  throw new UsageError(`Say with --upstream where the API is. Known: ${known.join(", ") || "none; add it first"}.`);
}

/** Where exactly such a pattern ends in the tree, if one does. */
function leafOf(tree: RouteNode, segments: readonly PathSegment[]): RouteLeaf | undefined {
  let node: RouteNode | undefined = tree;
  for (const segment of segments) {
    if (segment.kind === "wildcard") return node?.wildcard;
    node = segment.kind === "literal" ? node?.literals.get(segment.text) : node?.parameter;
  }
  return node?.leaf;
}

type RequirementMember = Pick<RouteFile, "scopes"> | Pick<RouteFile, "public"> | Pick<RouteFile, "authenticated">;

/** As it stands in a route, or why it cannot. */
function requirementMember(need: Need, namer: ScopeNamer): RequirementMember | string {
  if (need.kind === "public") return { public: true };
  if (need.kind === "authenticated") return { authenticated: true };
  const ways = need.anyOf.map((scopes) => scopes.map((scope) => namer.nameOf(scope) ?? { unusable: scope }));
  const unusable = ways.flat().find((name) => typeof name === "object");
  if (typeof unusable === "object") return `\`${unusable.unusable}\` cannot be the name of a scope.`;
  const groups = ways.map((names): RequiredScope => {
    const all = names.filter((name) => typeof name === "string");
    return all.length === 1 && all[0] !== undefined ? all[0] : { allOf: all };
  });
  const [only] = groups;
  return { scopes: groups.length === 1 && typeof only === "object" ? only : groups };
}

/** GET covers HEAD. */
function withoutCoveredHead(route: RouteFile & { methods: string[] }): RouteFile {
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
