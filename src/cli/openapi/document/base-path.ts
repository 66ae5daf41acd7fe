import { isObject } from "../../../json/json-object.ts";
import { objectAt, objectsAt } from "../../json-members.ts";

/**
 * The paths that the servers of a document, path item or operation put in front of each path (OpenAPI 3.1 4.8.5), each
 * once and without a trailing slash. Variables have their defaults. A URL that cannot be read counts as one without a
 * path.
 *
 * @param servers the member `servers` of any type; the list is empty if it names none
 */
export function basePathsOf(servers: unknown): readonly string[] {
  const paths = objectsAt({ servers }, "servers").map((server) => {
    const variables = objectAt(server, "variables");
    const url = String(server["url"] ?? "").replace(/\{([^{}]*)\}/g, (text, name: string) => {
      const variable = Object.hasOwn(variables, name) ? variables[name] : undefined;
      return isObject(variable) ? String(variable["default"] ?? text) : text;
    });
    const { pathname = "/" } = URL.parse(url, "http://document.invalid") ?? {};
    // Amazon API Gateway exports `https://host/{basePath}` with `/prod` as the default.
    return pathname.replace(/\/{2,}/g, "/").replace(/\/$/, "");
  });
  return [...new Set(paths)];
}
