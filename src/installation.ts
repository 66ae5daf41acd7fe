/** Where Scopegate runs from: the repository, as TypeScript, or the package, as JavaScript in the same folders. */
import { extname, join } from "node:path";

/** `.ts` in the repository. Node runs no TypeScript below `node_modules`, so the package has `.js`. */
const EXTENSION = extname(import.meta.filename);

/** Whether this is the package that a project has installed. */
export const IS_PACKAGE = EXTENSION === ".js";

/**
 * The path of one of Scopegate's own modules. It does not depend on the project, which may have other files of that
 * name.
 *
 * @param name the path below `src`, without the extension: `local/issuer/index`
 */
export function ownModule(name: string): string {
  return join(import.meta.dirname, `${name}${EXTENSION}`);
}
