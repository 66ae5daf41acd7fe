import type { Report } from "../../fault.ts";
import type { ProtectedResource, Route } from "../../policy.ts";

type DeclaredResource = Pick<ProtectedResource, "path" | "name">;

/**
 * The declared protected resources with those that MCP routes declare: the path of each is a resource. A name may stand
 * in one place only, because a resource has one.
 */
export function declareMcpResources(
  declared: readonly DeclaredResource[],
  routes: readonly Route[],
  report: Report,
): readonly DeclaredResource[] {
  /** By decoded path: two spellings of one path are one resource. */
  const byPath = new Map(declared.map((resource) => [decodeURIComponent(resource.path), resource]));
  for (const { path, mcp, index } of routes) {
    if (mcp === undefined) continue;
    const key = path === "/" ? "" : decodeURIComponent(path);
    const known = byPath.get(key);
    if (mcp.name !== undefined && known?.name !== undefined && known.name !== mcp.name) {
      report(
        ["routes", index, "mcp", "name"],
        `The resource \`${path}\` has the name \`${known.name}\` already.`,
        "Keep one of the names: a resource has one.",
      );
    }
    byPath.set(key, { path: known?.path ?? (key && path), name: known?.name ?? mcp.name });
  }
  return [...byPath.values()];
}
