import { readFileSync } from "node:fs";
import { dirname, relative, sep } from "node:path";
import type { FeatureName } from "../../features/usage/used-features.ts";
import { IS_PACKAGE, ownModule } from "../../installation.ts";
import { fileExists } from "./replace-file.ts";

/** The Durable Object classes that the module of a feature has. The main module of the Worker must export them. */
const CLASSES: Partial<Readonly<Record<FeatureName, string>>> = { dpop: "ReplayGuard" };

const FIRST_LINE = "// Written by scopegate: the parts of the gateway that the policy beside this file uses.";

/** The file with the features of a compiled policy, beside it: `dist/policy.features.js` of `dist/policy.json`. */
export function featuresFileOf(output: string): string {
  return `${output.replace(/\.json$/i, "")}.features.js`;
}

/**
 * The text of that file: a module for `#features`. In a project it imports from the package that is installed there,
 * and never from the command line that wrote it: two copies of one class would not know each other's denials.
 *
 * @param output the compiled policy
 */
export function featuresText(output: string, used: readonly FeatureName[]): string {
  const classes = used.flatMap((name) => CLASSES[name] ?? []);
  const imports = used.map((name, index) => {
    const more = CLASSES[name] === undefined ? "" : `, { ${CLASSES[name]} }`;
    return `import f${index}${more} from ${JSON.stringify(moduleOf(output, name))};`;
  });
  const members = used.map((name, index) => `${JSON.stringify(name)}: f${index}`);
  const exports = classes.map((name) => `export { ${name} };`);
  return `${[FIRST_LINE, ...imports, ...exports, `export default { ${members.join(", ")} };`].join("\n")}\n`;
}

/** Whether a file is absent, or one that an earlier run wrote. */
export function isFeaturesFile(file: string): boolean {
  try {
    return !fileExists(file) || readFileSync(file, "utf8").startsWith(`${FIRST_LINE}\n`);
  } catch {
    return false;
  }
}

function moduleOf(output: string, name: FeatureName): string {
  if (IS_PACKAGE) return `scopegate/features/${name}`;
  const path = relative(dirname(output), ownModule(`features/${name}`)).replaceAll(sep, "/");
  return path.startsWith("../") ? path : `./${path}`;
}
