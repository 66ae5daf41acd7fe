import type { Policy, Route, RouteGroup } from "../../policy.ts";
import type { Lint } from "./lint-policy.ts";

/**
 * Collections that are covered but not their items, and the reverse: often one of the two was forgotten, and callers
 * get a 404. A path is taken for a collection's if its last segment is a plural, or if one may both read and add to it.
 */
export function lintCollections(policy: Policy): readonly Lint[] {
  const lints: Lint[] = [];
  const seen = new Set<RouteGroup>();
  for (const route of policy.routes) {
    const leaf = policy.table.match(samplePath(route.path));
    if (leaf === undefined || seen.has(leaf)) continue;
    seen.add(leaf);
    const lint = isItem(route.path) ? missingCollection(policy, route) : missingItems(policy, route, leaf);
    if (lint) lints.push(lint);
  }
  return lints;
}

/** A path of the pattern: its parameters filled in. A `*` is left as the one segment that it looks like. */
function samplePath(pattern: string): string {
  return pattern.replace(/\/:[^/]+/g, "/~any~");
}

function isItem(pattern: string): boolean {
  return /[^/]\/:[^/]+$/.test(pattern);
}

function missingCollection(policy: Policy, { path, index }: Route): Lint | undefined {
  const collection = path.slice(0, path.lastIndexOf("/"));
  // Items of items (`/:shop/:id`) have no collection that one could name.
  if (isItem(collection) || /^\/:[^/]+$/.test(collection)) return undefined;
  if (policy.table.match(samplePath(collection))) return undefined;
  return {
    code: "items-without-collection",
    severity: "warning",
    path: ["routes", index, "path"],
    message: `No route covers \`${collection}\`, whose items these are.`,
    hint: "Add a route for it, or say under `lint` that there is none.",
  };
}

function missingItems(policy: Policy, { path, index }: Route, leaf: RouteGroup): Lint | undefined {
  const last = path.slice(path.lastIndexOf("/") + 1);
  if (last === "" || last === "*" || last.startsWith(":")) return undefined;
  const readsAndAdds = leaf.byMethod.has("GET") && leaf.byMethod.has("POST");
  if (!readsAndAdds && !(leaf.byMethod.has("GET") && isPlural(last))) return undefined;
  if (policy.table.match(`${samplePath(path)}/~any~`)) return undefined;
  return {
    code: "collection-without-items",
    severity: "warning",
    path: ["routes", index, "path"],
    message: `No route covers \`${path}/:id\`, the items of this collection.`,
    hint: "Add a route for them, or say under `lint` that there are none.",
  };
}

/** English, as most paths are: `orders`, but not `status`, `access` or `analysis`. */
function isPlural(word: string): boolean {
  return /[^sui]s$/i.test(word) && word.length > 3;
}
