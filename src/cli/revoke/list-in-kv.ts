import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GATEWAY_BINDINGS } from "../../env.ts";
import { MAX_REVOCATIONS_BYTES } from "../../limits.ts";
import {
  parseRevocations,
  REVOCATIONS_KEY,
  type RevocationEntry,
  serializeRevocations,
} from "../../revocations/revocation-value.ts";
import { CommandError } from "../args/exit-code.ts";
import type { CallWrangler, WranglerCall } from "../deploy/run-wrangler.ts";

/** The namespace that has the list, as arguments of wrangler. */
export type Namespace = readonly string[];

/**
 * The namespace of a deployed environment. Without an id in wrangler's file, wrangler asks Cloudflare for the one that
 * the deployed Worker has.
 *
 * @param environment empty for the top level
 */
export function deployedNamespace(config: string, environment: string): Namespace {
  return [
    ...["--binding", GATEWAY_BINDINGS.revocations, "--preview=false", "--remote"],
    ...["--config", config, "--env", environment],
  ];
}

/** The namespace of the local stack, in the folder of its state. */
export function localNamespace(state: string): Namespace {
  // Miniflare names a namespace so if nobody else does.
  return ["--namespace-id", `${GATEWAY_BINDINGS.revocations}-gateway`, "--local", "--persist-to", state];
}

/** A list as it was read. */
export interface ReadList {
  readonly entries: readonly RevocationEntry[];
  /** The value; `undefined`: there is none yet. */
  readonly text: string | undefined;
}

/**
 * Reads the list.
 *
 * @throws CommandError wrangler failed, or the value is not a list
 */
export async function readList(namespace: Namespace, wrangler: CallWrangler): Promise<ReadList> {
  const text = await readValue(namespace, wrangler);
  const entries = text === undefined ? [] : parseRevocations(text);
  if (entries !== undefined) return { entries, text };
  throw new CommandError([
    `The value of \`${REVOCATIONS_KEY}\` is not a list of revocations, so the gateway cannot read it, either. Nothing was written.`,
    `Look at it: npx wrangler kv key get ${REVOCATIONS_KEY} ${namespace.join(" ")}`,
  ]);
}

/**
 * Writes a list in place of one that was read. KV has no conditional write, so the value is read again just before: a
 * change that came between would be lost.
 *
 * @throws CommandError the list is larger than a value of KV, the value has changed meanwhile, or wrangler failed
 */
export async function writeList(
  entries: readonly RevocationEntry[],
  before: ReadList,
  namespace: Namespace,
  wrangler: CallWrangler,
): Promise<void> {
  const text = serializeRevocations(entries);
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_REVOCATIONS_BYTES) {
    throw new CommandError(
      `The list would have ${bytes} bytes, and KV takes ${MAX_REVOCATIONS_BYTES}. Nothing was written. Revoke a client in place of its tokens, or a subject in place of its sessions.`,
    );
  }
  if ((await readValue(namespace, wrangler)) !== before.text) {
    throw new CommandError("Somebody else changed the list meanwhile. Nothing was written. Call the command again.");
  }
  const folder = mkdtempSync(join(tmpdir(), "scopegate-"));
  try {
    const file = join(folder, "revocations.json");
    writeFileSync(file, text, { mode: 0o600 });
    const call = await wrangler(["kv", "key", "put", REVOCATIONS_KEY, "--path", file, ...namespace]);
    if (call.exitCode !== 0) throw failed("write", call, "The list may be the old or the new one: see --list.");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function readValue(namespace: Namespace, wrangler: CallWrangler): Promise<string | undefined> {
  const call = await wrangler(["kv", "key", "get", REVOCATIONS_KEY, ...namespace]);
  const isMissing =
    call.exitCode === 0 ? call.stdout === "Value not found\n" : /\b404\b.*Not Found/i.test(call.stderr + call.stdout);
  if (!isMissing) {
    if (call.exitCode !== 0) throw failed("read", call, "Nothing was written.");
    return call.stdout;
  }
  // A wrong namespace is a 404, too, and a new list must not replace one that only seems to be missing.
  const listing = await wrangler(["kv", "key", "list", "--prefix", REVOCATIONS_KEY, ...namespace]);
  if (listing.exitCode !== 0) throw failed("read", listing, "Nothing was written.");
  if (listing.stdout.includes(REVOCATIONS_KEY)) {
    throw new CommandError("KV has the list, but could not read it. Nothing was written. Try again in a minute.");
  }
  return undefined;
}

/** What wrangler says is for people. It names addresses and ids, and no values. */
function failed(what: "read" | "write", { stderr, stdout }: WranglerCall, then: string): CommandError {
  const lines = `${stderr}\n${stdout}`
    .replaceAll(new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, "g"), "")
    .split("\n")
    .map((line) => line.trim());
  const reason = lines.find((line) => /error/i.test(line)) ?? lines.find((line) => line !== "") ?? "It gave no reason.";
  return new CommandError([`wrangler could not ${what} the list: ${reason}`, then]);
}
