import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, SHOP_POLICY, SHOP_WRANGLER } from "../../support/project/project-files.ts";

/** The same author and time each time, so that the commit has the same id on every picture. */
const COMMIT = {
  GIT_AUTHOR_NAME: "Platform team",
  GIT_AUTHOR_EMAIL: "platform@myecommerce.com",
  GIT_AUTHOR_DATE: "2026-05-28T09:00:00Z",
  GIT_COMMITTER_NAME: "Platform team",
  GIT_COMMITTER_EMAIL: "platform@myecommerce.com",
  GIT_COMMITTER_DATE: "2026-05-28T09:00:00Z",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_SYSTEM: "/dev/null",
};

/**
 * What the change replaces: customers may be granted to submit orders, which breaks a guarantee, and one route is new.
 */
const CHANGES = [
  [
    '"customer": { "scopes": ["read:products", "read:orders"] }',
    '"customer": { "scopes": ["read:products", "read:orders", "write:orders"] }',
  ],
] as const;

/**
 * Puts the running example into a git repository: one commit, and a change of the file since then.
 *
 * @param folder an empty folder
 */
export function writeShownRepository(folder: string): void {
  const policy = readFileSync(join(ROOT, SHOP_POLICY), "utf8");
  const git = (...args: readonly string[]) =>
    execFileSync("git", args, { cwd: folder, env: { ...process.env, ...COMMIT }, stdio: "pipe" });
  writeFileSync(join(folder, "routes.json"), policy);
  writeFileSync(join(folder, "wrangler.toml"), readFileSync(join(ROOT, SHOP_WRANGLER)));
  git("init", "--quiet", "--initial-branch=main");
  git("add", "--all");
  git("commit", "--quiet", "--message", "Products and orders behind the gateway");
  const changed = CHANGES.reduce((text, [before, after]) => {
    if (!text.includes(before)) throw new Error(`${SHOP_POLICY} has no ${before}.`);
    return text.replace(before, after);
  }, policy);
  writeFileSync(join(folder, "routes.json"), changed);
}
