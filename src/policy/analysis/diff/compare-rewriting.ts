import type { Rewriting } from "../../policy.ts";
import { rewritePath } from "../../routing/rewrite-path.ts";
import type { ClassCall } from "./class-call.ts";

/**
 * Compares the paths that an upstream gets for one class of requests, before and now, without the path of its URL.
 * Exact: the segments that neither policy has as a literal count as unknown, and each as another one.
 *
 * @returns both paths of one request, for people; `undefined`: they are the same for every request of the class
 */
export function compareRewriting(
  was: Rewriting | undefined,
  is: Rewriting | undefined,
  { path, groups }: Pick<ClassCall, "path" | "groups">,
): string | undefined {
  if (was === is) return undefined;
  const literals = groups.flatMap((group) => (group ? [group.shape.split("/")] : []));
  // Behind the end of a pattern, its `*` goes on. No literal contains a star.
  const unknown = path.split("/").map((segment, at) => {
    const isFree = segment !== "" && literals.every((parts) => /^(?:[:*]|$)/.test(parts[at] ?? "*"));
    return isFree ? `*${at}` : segment;
  });
  const [before, after] = [sentPath(was, unknown.join("/")), sentPath(is, unknown.join("/"))];
  if (decodeURIComponent(before) === decodeURIComponent(after)) return undefined;
  const shown = (text: string) => text.replaceAll("*", "x");
  return `the upstream gets ${shown(after)} instead of ${shown(before)}`;
}

function sentPath(rewriting: Rewriting | undefined, path: string): string {
  return (rewriting === undefined ? path : rewritePath(rewriting, path)) || "/";
}
