import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { readEnvironmentsBeside, withWrangler, wranglerFilesBeside } from "./wrangler-file.ts";

/** The file with values of this machine, which git ignores. */
const DEV_VARS = ".dev.vars";
/** What wrangler reads if there is no `.dev.vars`. */
const DOT_ENV = [".env", ".env.local"];

/** The vars of a gateway on this machine. */
export interface LocalVars {
  readonly vars: Readonly<Record<string, unknown>>;
  /** Names of those vars that a file gives which git ignores. Nothing may print their values. */
  readonly secret: ReadonlySet<string>;
  /** Names of the secrets that are in a Secrets Store. */
  readonly storedSecrets: ReadonlySet<string>;
}

/**
 * The vars of the gateway on this machine, as `wrangler dev` takes them: those at the top level of the wrangler file
 * beside a policy, and in their place those of `.dev.vars`, or of `.env` if there is no `.dev.vars`. Vars of other
 * environments are not looked at. Throws `InputError` if a file is faulty.
 *
 * @param names the vars and secrets that the policy needs. Other secrets in these files stay where they are
 */
export async function readLocalVars(policy: string, names: readonly string[]): Promise<LocalVars> {
  const top = (await readEnvironmentsBeside(policy))?.find(({ name }) => name === "");
  const folder = dirname(policy);
  const file = [DEV_VARS, ...DOT_ENV].find((name) => existsSync(join(folder, name)));
  if (top === undefined && file === undefined) return { vars: {}, secret: new Set(), storedSecrets: new Set() };
  const beside = join(folder, "wrangler.toml");
  const found = await withWrangler(join(folder, file ?? DEV_VARS), ({ readDevVars }) =>
    readDevVars(beside, top?.settings ?? {}),
  );
  const own = Object.entries(found).filter(([name]) => names.includes(name));
  return {
    vars: { ...top?.vars, ...Object.fromEntries(own) },
    secret: new Set(own.map(([name]) => name)),
    storedSecrets: new Set(top?.settings.secrets_store_secrets?.map(({ binding }) => binding)),
  };
}

/**
 * Absolute paths of the files that a local run depends on: the policy, and the names of wrangler's files and of
 * `.dev.vars` beside it. They need not exist.
 */
export function localFiles(policy: string): readonly string[] {
  const beside = [DEV_VARS, ...DOT_ENV].map((name) => join(dirname(policy), name));
  return [policy, ...wranglerFilesBeside(policy), ...beside].map((file) => resolve(file));
}
