import type { Policy, Route } from "../../../policy.ts";
import { firstRoutesOfPaths, isCovered, isItem, samplePath, withoutSlash } from "../../collection-paths.ts";

/** A path whose last literal is a plural, such as `/orders`, or one below it, such as `/orders/:id`. */
export interface CollectionPart {
  /** The first route of the path. */
  readonly route: Route;
  /** Whether the path is that of the items. */
  readonly isItem: boolean;
  /** The pattern of the other part, in the style of the path: with a trailing slash if the path has one. */
  readonly counterpart: string;
  /** Whether some route covers the other part, with or without a trailing slash. */
  readonly isCovered: boolean;
}

/**
 * The collections of a policy that lack a part: the items or the collection itself. It reports them only if at least
 * half of the collections of the same upstream have both parts, because an API that has few such pairs was not meant to
 * have them.
 *
 * This is a guess. A path counts if it can be read and its name is a plural, except for plurals that usually name one
 * thing (`/settings`), for names directly below another plural (`/reports/sales`), and for paths that can be written as
 * a whole, with PUT or PATCH.
 */
export function incompleteCollections(policy: Policy): readonly CollectionPart[] {
  const parts = firstRoutesOfPaths(policy).flatMap((first) => partAt(first.route, first.group.byMethod, policy) ?? []);
  const groups = Map.groupBy(parts, ({ route }) => route.upstream.name).values();
  const reported = new Set(groups.flatMap((group) => (isUsuallyComplete(group) ? group : [])));
  return parts.filter((part) => !part.isCovered && reported.has(part));
}

/**
 * Whether at least half of these collections have both parts. A collection that lacks one is listed by its other part.
 */
function isUsuallyComplete(parts: readonly CollectionPart[]): boolean {
  const complete = parts.filter((part) => part.isCovered && !part.isItem).length;
  return complete > 0 && complete >= parts.filter((part) => !part.isCovered).length;
}

function partAt(route: Route, methods: ReadonlyMap<string, Route>, policy: Policy): CollectionPart | undefined {
  // The GET of an MCP route opens a stream.
  if (!methods.has("GET") || methods.get("GET")?.mcp) return undefined;
  const path = withoutSlash(route.path);
  const slash = route.path.slice(path.length);
  if (isItem(path)) {
    const collection = path.slice(0, path.lastIndexOf("/"));
    if (!isCollection(collection)) return undefined;
    const covered = isCovered(samplePath(collection), policy);
    return { route, isItem: true, counterpart: `${collection}${slash}`, isCovered: covered };
  }
  if (!isCollection(path) || methods.has("PUT") || methods.has("PATCH")) return undefined;
  const covered = isCovered(`${samplePath(path)}/~any~`, policy);
  return { route, isItem: false, counterpart: `${path}/:${freshName(path)}${slash}`, isCovered: covered };
}

/** Plurals that usually name one thing. */
const ONE_THING: ReadonlySet<string> = new Set(
  "analytics credentials docs jwks logs metrics news permissions preferences series settings statistics stats terms".split(
    " ",
  ),
);

/** A pattern must not have one `:name` twice. */
function freshName(path: string): string {
  const taken = path.split("/");
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? "id" : `id${number}`;
    if (!taken.includes(`:${name}`)) return name;
  }
}

/** Whether a path ends in a plural, and not in the name of one item of a collection, as `/reports/sales` does. */
function isCollection(path: string): boolean {
  const [above = "", name = ""] = path.split("/").slice(-2);
  return isPlural(name) && !isPlural(above);
}

/** Whether a literal is an English plural that names several things. `status`, `access` and `analysis` are none. */
function isPlural(literal: string): boolean {
  return /^[^:*].*[^sui]s$/i.test(literal) && literal.length > 3 && !ONE_THING.has(literal.toLowerCase());
}
