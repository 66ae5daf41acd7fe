import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const ROOT = join(import.meta.dirname, "../../..");
const WRANGLER = join(ROOT, "node_modules/wrangler/bin/wrangler.js");

/** The script of the Worker that `npm run deploy` would upload, with the shipped policy. Takes some seconds. */
export async function buildShippedGateway(): Promise<string> {
  const outdir = await mkdtemp(join(tmpdir(), "scopegate-build-"));
  try {
    const options = ["deploy", "--dry-run", "--outdir", outdir, "--env", ""];
    await promisify(execFile)(process.execPath, [WRANGLER, ...options], { cwd: ROOT });
    return await readFile(join(outdir, "index.js"), "utf8");
  } finally {
    await rm(outdir, { recursive: true });
  }
}
