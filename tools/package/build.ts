/**
 * Compiles `src` into `lib`, which the package contains: JavaScript with types, because Node runs no TypeScript below
 * `node_modules`. Each file stays a file of its own, so that the packages it needs stay dependencies that npm can
 * update.
 */
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, cpSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");
const LIB = join(ROOT, "lib");

/** The style sheets of the console. */
const STYLES = "cli/console/styles";

/** The module that stands for `#policy` until the alias of a project's wrangler file replaces it. */
const NO_POLICY = "no-policy.js";

/**
 * A build without the alias must fail: a Worker without a policy must never be deployed. The bundler quotes this import
 * in its error, so the name is the message.
 */
const NO_POLICY_TEXT = `import "The Worker has no policy. In the wrangler file, add [alias] \\"#policy\\" = \\"./dist/policy.json\\"";\n`;

rmSync(LIB, { recursive: true, force: true });
const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
const compile = (...options: readonly string[]): void => {
  const project = join(import.meta.dirname, "tsconfig.json");
  execFileSync(process.execPath, [tsc, "-p", project, ...options], { stdio: "inherit" });
};
// Comments stay where editors show them: in the types. The code would repeat them, and the package be a third larger.
compile("--declaration", "false", "--removeComments");
compile("--emitDeclarationOnly");
for (const schema of ["policy/routes.schema.json", "testing/routes.test.schema.json"]) {
  copyFileSync(join(ROOT, "src", schema), join(LIB, schema));
}
// The console bundles its style sheets and scripts when it starts.
cpSync(join(ROOT, "src", STYLES), join(LIB, STYLES), { recursive: true });
writeFileSync(join(LIB, NO_POLICY), NO_POLICY_TEXT);
// npm sets this bit when it installs; a person who unpacks the file, or another installer, may not.
chmodSync(join(LIB, "cli/bin.js"), 0o755);
// The nearest package.json decides what `#policy` means. That of the repository names a file that is not in the
// package.
const scope = { type: "module", imports: { "#policy": `./${NO_POLICY}`, "#features": "./features/all.js" } };
writeFileSync(join(LIB, "package.json"), `${JSON.stringify(scope, null, 2)}\n`);
