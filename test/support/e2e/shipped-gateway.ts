import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { ROOT, SHOP_WRANGLER } from "../project/project-files.ts";

const WRANGLER = join(ROOT, "node_modules/wrangler/bin/wrangler.js");

/** The script of the Worker that wrangler would upload for the shop. Takes some seconds. */
export async function buildShippedGateway(): Promise<string> {
  const outdir = await mkdtemp(join(tmpdir(), "scopegate-build-"));
  try {
    const options = ["deploy", "--dry-run", "--config", SHOP_WRANGLER, "--outdir", outdir, "--env", ""];
    await promisify(execFile)(process.execPath, [WRANGLER, ...options], { cwd: ROOT });
    return await readFile(join(outdir, "index.js"), "utf8");
  } finally {
    await rm(outdir, { recursive: true });
  }
}
