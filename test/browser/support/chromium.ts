import { existsSync } from "node:fs";

const DEBIAN_CHROMIUM = "/usr/bin/chromium";

/**
 * Keeps Chromium quiet: without these, it calls home at the start. No name resolves, so that nothing leaves the machine
 * even if a page asks for it. `--no-sandbox` is for root in a container; the pages are our own.
 */
export const CHROMIUM_ARGUMENTS: readonly string[] = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];

/**
 * The Chromium to test with: the one that `CHROMIUM_PATH` names, otherwise Debian's; `undefined` if there is none.
 * Throws when `CHROMIUM_PATH` names no file, so that a typing error does not skip the tests.
 */
export function findChromium(
  named: string | undefined = process.env["CHROMIUM_PATH"],
  usual: string = DEBIAN_CHROMIUM,
): string | undefined {
  if (!named) return existsSync(usual) ? usual : undefined;
  if (!existsSync(named)) throw new Error(`CHROMIUM_PATH names ${named}, and there is no such file.`);
  return named;
}
