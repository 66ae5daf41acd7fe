import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, posix } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { FEATURE_NAMES } from "../support/policy/feature-policies.ts";
import { projectFile, ROOT, SHOP_POLICY, SHOP_WRANGLER, tableRows } from "../support/project/project-files.ts";

/** Bound on the compressed upload of a deployment, which a cold isolate has to read and parse. */
const MAX_GZIP_BYTES = 45 * 1024;
/** The same for a Worker with every feature, such as one whose wrangler file has no `#features`. */
const MAX_GZIP_BYTES_WITH_ALL = 72 * 1024;

/** The part of esbuild's metafile that is used. Paths are relative to the folder of the shop. */
interface Metafile {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, { readonly imports: readonly { readonly path: string }[] }>>;
}

interface Bundle {
  readonly script: Buffer;
  readonly metafile: Metafile;
}

/** Builds the shop as a deployment does, without deploying. */
async function bundle(...more: readonly string[]): Promise<Bundle> {
  const outdir = await mkdtemp(join(tmpdir(), "scopegate-bundle-"));
  try {
    const wrangler = join(ROOT, "node_modules/wrangler/bin/wrangler.js");
    const meta = join(outdir, "meta.json");
    const options = ["--dry-run", "--config", SHOP_WRANGLER, "--outdir", outdir, "--metafile", meta, "--env", ""];
    await promisify(execFile)(process.execPath, [wrangler, "deploy", ...options, ...more], { cwd: ROOT });
    return {
      script: await readFile(join(outdir, "index.js")),
      metafile: JSON.parse(await readFile(meta, "utf8")),
    };
  } finally {
    await rm(outdir, { recursive: true });
  }
}

let script: Buffer;
let metafile: Metafile;

beforeAll(async () => {
  ({ script, metafile } = await bundle());
});

/** The files that went into the bundle, from the root. */
function bundledFiles(): string[] {
  return Object.keys(metafile.inputs).map((path) => posix.join("examples/shop", path));
}

/** The packages that went into the bundle. */
function bundledPackages(): string[] {
  const names = bundledFiles().map((path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))].sort();
}

describe("what is deployed", () => {
  it("holds the packages that the README lists, and no others", () => {
    const listed = tableRows(projectFile("README.md"), ["package", "for"]).map(([name]) => name?.replaceAll("`", ""));
    expect(bundledPackages()).toEqual(listed.toSorted());
  });

  it("holds no package that an installation of scopegate would lack", () => {
    const { dependencies } = JSON.parse(projectFile("package.json"));
    expect(bundledPackages().filter((name) => !Object.hasOwn(dependencies, name))).toEqual([]);
  });

  it("holds nothing of the project except the policy and what serves it", () => {
    const own = bundledFiles().filter((path) => !path.includes("node_modules/"));
    expect(own).toContain("examples/shop/dist/policy.json");
    expect(own).toContain("src/gateway.ts");
    const folders =
      "answer|assertion|endpoints|features|features/usage|http|json|keys|keys/jwk|policy|policy/issuers|policy/requirements|policy/compile|policy/compile/conditions|policy/compile/issuers|policy/compile/upstreams|policy/compile/addresses|policy/compile/authentication|policy/compiled|policy/routing|stages|telemetry|token|upstream|upstream/answer";
    const served = new RegExp(
      `^(?:examples/shop/dist/policy\\.(?:json|features\\.js)|src/(?:(?:${folders})/)?[\\w-]+\\.ts)$`,
    );
    expect(own.filter((path) => !served.test(path))).toEqual([]);
  });

  it("holds no compiler of policies", () => {
    const own = bundledFiles();
    for (const file of [
      "routes.json",
      SHOP_POLICY,
      "src/compile-at-start.ts",
      "src/policy/compile/compile-policy.ts",
      "src/policy/compile/schema/config-schema.ts",
      "src/policy/suggestion.ts",
    ]) {
      expect(own).not.toContain(file);
    }
  });

  it("holds no feature that the policy does not use", () => {
    expect(bundledFiles().filter((path) => FEATURE_NAMES.some((name) => path === `src/features/${name}.ts`))).toEqual(
      [],
    );
  });

  it(`holds every feature if the build is told of none, in ${MAX_GZIP_BYTES_WITH_ALL / 1024} KiB`, async () => {
    const { script: whole, metafile: meta } = await bundle("--alias", `#features:${join(ROOT, "src/features/all.ts")}`);
    const files = Object.keys(meta.inputs).map((path) => posix.join("examples/shop", path));
    for (const name of FEATURE_NAMES) expect(files).toContain(`src/features/${name}.ts`);
    expect(gzipSync(whole).length).toBeLessThanOrEqual(MAX_GZIP_BYTES_WITH_ALL);
  });

  it("asks the runtime for nothing but its own bindings", () => {
    const imports = Object.values(metafile.outputs).flatMap((output) => output.imports.map(({ path }) => path));
    expect([...new Set(imports)]).toEqual(["cloudflare:workers"]);
  });

  it("has no code that is made at run time", () => {
    expect(script.toString()).not.toMatch(/\beval\(|new Function\(/);
  });

  it(`is no larger than ${MAX_GZIP_BYTES / 1024} KiB compressed`, () => {
    expect(gzipSync(script).length).toBeLessThanOrEqual(MAX_GZIP_BYTES);
  });
});
