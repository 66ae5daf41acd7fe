import type { Versions } from "./own-package.ts";

/**
 * The package.json of a project. wrangler and vitest are pinned to the versions that Scopegate is tested with: that
 * wrangler shares one workerd with `scopegate dev`. The optional packages put a Node on the PATH of npm scripts, so
 * that a machine with an older Node can run everything.
 *
 * @param source what npm installs Scopegate from: a range of versions, or a file
 */
export function projectManifest(name: string, source: string, { wrangler, vitest, nodes }: Versions): string {
  const manifest = {
    name,
    private: true,
    type: "module",
    scripts: {
      dev: "scopegate dev",
      token: "scopegate token",
      scopegate: "scopegate",
      check: "scopegate check",
      test: "scopegate test && vitest run",
      "build:policy": "scopegate check --output dist/policy.json",
      build: "wrangler deploy --dry-run --env production --outdir dist/worker",
      deploy: "scopegate deploy --env production",
    },
    dependencies: { scopegate: source },
    devDependencies: { vitest, wrangler },
    optionalDependencies: nodes,
    allowScripts: { esbuild: true, workerd: true },
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** The name of a project for npm and for Cloudflare: lower-case letters, digits and hyphens, from a folder's name. */
export function projectName(folder: string): string {
  const name = folder
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[-0-9]+|-+$/g, "")
    .slice(0, MAX_NAME_LENGTH)
    .replace(/-+$/, "");
  return name === "" ? "gateway" : name;
}

/** Cloudflare's limit for names of Workers is 63; the environment's name is appended. */
const MAX_NAME_LENGTH = 40;
