import { hasPathParameters } from "../../routing/canonical-path.ts";

/** The segments of a canonical path as the matching rule compares them: without path parameters, and decoded. */
export function comparedSegments(path: string): readonly string[] {
  if (path === "/") return [];
  const segments = path.slice(1).split("/");
  const compared = hasPathParameters(path) ? segments.map((it) => it.replace(/(?:;|%3B).*$/, "")) : segments;
  return compared.map(decodeURIComponent);
}
