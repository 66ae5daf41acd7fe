import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Locator } from "../../policy/source/locator.ts";
import { InputError } from "../args/exit-code.ts";
import { hasGitFile, parseGitName, readGitFile } from "./git-file.ts";
import { createSettingLocator } from "./locate-setting.ts";
import type { WranglerEnvironment } from "./read-environments.ts";
import { fileErrorCode } from "./replace-file.ts";

/** In the order in which wrangler looks for them. */
const FILES = ["wrangler.json", "wrangler.jsonc", "wrangler.toml"];

/** A wrangler file: what it says, and where. */
export interface WranglerFile {
  /** Its name for messages: `wrangler.toml`, `git:main:wrangler.toml`. */
  readonly name: string;
  /** Every environment, the top level first. */
  readonly environments: readonly WranglerEnvironment[];
  /** The position of a setting, such as `["env", "production", "workers_dev"]`. */
  readonly locate: Locator;
}

/** Every environment of the wrangler file beside a policy. Reads and throws as `readWranglerFileBeside` does. */
export async function readEnvironmentsBeside(name: string): Promise<readonly WranglerEnvironment[] | undefined> {
  return (await readWranglerFileBeside(name))?.environments;
}

/**
 * The wrangler file beside a policy. For the policy of a commit, the wrangler file of that commit is read, as data:
 * nothing of it is run. `undefined` if there is no such file. Throws `InputError` if it cannot be read.
 *
 * @param name the policy, as the user gave it
 */
export async function readWranglerFileBeside(name: string): Promise<WranglerFile | undefined> {
  if (name.startsWith("git:")) return await readFromCommit(name);
  const config = wranglerFilesBeside(name).find((file) => existsSync(file));
  return config === undefined ? undefined : await read(config, config);
}

/** The paths of wrangler files beside a policy, in the order in which wrangler looks. They need not exist. */
export function wranglerFilesBeside(policy: string): readonly string[] {
  return FILES.map((file) => join(dirname(policy), file));
}

async function readFromCommit(name: string): Promise<WranglerFile | undefined> {
  const policy = parseGitName(name, ".");
  if (policy === undefined) return undefined;
  const folder = policy.path === "." ? "." : dirname(policy.path);
  const candidates = FILES.map((file) => ({ revision: policy.revision, path: join(folder, file) }));
  const file = candidates.find((candidate) => orThrow(name, hasGitFile(candidate)));
  if (file === undefined) return undefined;
  const text = orThrow(name, readGitFile(file));
  const scratch = mkdtempSync(join(tmpdir(), "scopegate-"));
  try {
    const copy = join(scratch, file.path.slice(file.path.lastIndexOf("wrangler.")));
    writeFileSync(copy, text);
    return await read(copy, `git:${file.revision}:${file.path}`);
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

async function read(file: string, shown: string): Promise<WranglerFile> {
  return await withWrangler(shown, ({ readEnvironments }) => ({
    name: shown,
    environments: readEnvironments(file),
    locate: createSettingLocator(file, readFileSync(file, "utf8")),
  }));
}

/**
 * Reads a file with wrangler's own code. Throws `InputError` if wrangler is not installed, or finds a fault.
 *
 * @param shown name of the file, for messages
 */
export async function withWrangler<Value>(
  shown: string,
  use: (wrangler: typeof import("./read-environments.ts")) => Value,
): Promise<Value> {
  try {
    // Loaded only here: wrangler takes longer to load than all other modules together.
    return use(await import("./read-environments.ts"));
  } catch (error) {
    if (fileErrorCode(error) === "ERR_MODULE_NOT_FOUND") {
      throw new InputError(`${shown}: wrangler is needed to read it. Run: npm install --save-dev wrangler`);
    }
    // Wrangler's parser of JSON recurses.
    if (error instanceof RangeError) throw new InputError(`${shown}: The values are nested too deeply.`);
    throw new InputError(
      `${shown}${placeIn(error)}: ${error instanceof Error ? error.message : String(error)}`.split("\n"),
    );
  }
}

/** Where wrangler found a syntax error, as `:LINE:COLUMN`. Its columns count from 0. Empty: it does not say where. */
function placeIn(error: unknown): string {
  const { line, column }: Readonly<Record<string, unknown>> = Object(Reflect.get(Object(error), "location"));
  return typeof line === "number" && typeof column === "number" ? `:${line}:${column + 1}` : "";
}

function orThrow<Value>(name: string, result: { ok: true; value: Value } | { ok: false; failure: string }): Value {
  if (result.ok) return result.value;
  throw new InputError(`${name}: ${result.failure}`);
}
