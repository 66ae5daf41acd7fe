import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** The folder of the installed package, or of the repository: `lib` and `src` hold the same folders. */
const ROOT = join(import.meta.dirname, "../../..");

/** What a project has to install. */
export interface Versions {
  readonly scopegate: string;
  /** The versions that this version of Scopegate is tested with. */
  readonly wrangler: string;
  readonly vitest: string;
  /** Packages that hold a Node each, by the name for each platform. */
  readonly nodes: Readonly<Record<string, string>>;
}

/** The versions of this package, as its own package.json says them. */
export function ownVersions(): Versions {
  const { version, devDependencies } = JSON.parse(ownFile("package.json"));
  const { optionalDependencies } = JSON.parse(ownFile("tools/node/package.json"));
  const { wrangler, vitest } = devDependencies;
  return { scopegate: version, wrangler, vitest, nodes: optionalDependencies };
}

/** The text of a file that is at the same place in the repository and in the package. */
export function ownFile(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

/**
 * The packed file that npm installed this package from; `undefined` if it came from a registry or was not installed by
 * npm. npm notes that in a file of its own beside the packages.
 */
export function ownPackedFile(root = ROOT): string | undefined {
  try {
    const installed = JSON.parse(readFileSync(join(root, "../.package-lock.json"), "utf8"));
    const resolved: unknown = installed.packages["node_modules/scopegate"].resolved;
    if (typeof resolved !== "string" || !/^file:.+\.tgz$/.test(resolved)) return undefined;
    const file = resolve(dirname(dirname(root)), resolved.slice("file:".length));
    return existsSync(file) ? file : undefined;
  } catch {
    return undefined;
  }
}
