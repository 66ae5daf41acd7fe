import { revocationBound } from "../../../revocations/revocation-bound.ts";
import { defineCommand } from "../../args/command.ts";
import { CommandError, EXIT, InputError, UsageError } from "../../args/exit-code.ts";
import { TOP_LEVEL } from "../../check/check-policy.ts";
import { callWrangler } from "../../deploy/run-wrangler.ts";
import { localState } from "../../dev/local-state.ts";
import { counted, jsonOption } from "../../output.ts";
import { loadPolicy, policyOption } from "../../policy-file/policy-source.ts";
import { readWranglerFileBeside } from "../../policy-file/wrangler-file.ts";
import { printJson } from "../../print/print-json.ts";
import { printErrorLines, printLines } from "../../print/print-lines.ts";
import { isSelectedEntry, withoutRevocation, withoutRunOut, withRevocation } from "../../revoke/change-list.ts";
import { formatList, timeText } from "../../revoke/format-list.ts";
import { deployedNamespace, localNamespace, type Namespace, readList, writeList } from "../../revoke/list-in-kv.ts";
import { readSelection, readUntil } from "../../revoke/read-selection.ts";

export default defineCommand({
  name: "revoke",
  summary:
    "Revoke tokens before they expire, through wrangler: by token id, session, subject or client. Exit code 1: nothing was written.",
  options: {
    ...policyOption,
    subject: { type: "string", valueHint: "sub", description: "Tokens that this subject has got until now." },
    client: { type: "string", valueHint: "id", description: "Tokens that this client id has got until now." },
    "token-id": {
      type: "string",
      valueHint: "jti",
      description: "The token with this jti. Never give the token itself.",
    },
    session: { type: "string", valueHint: "sid", description: "Tokens of this session: their sid or origin_jti." },
    issuer: {
      type: "string",
      valueHint: "name",
      description: "The issuer's name in the policy. Default: the only one.",
    },
    until: {
      type: "string",
      valueHint: "time",
      description:
        "When the entry ends, such as 2027-01-31T12:00:00Z: after the `exp` of all these tokens. Default: in a day.",
    },
    undo: { type: "boolean", description: "Take the entry off the list." },
    list: { type: "boolean", description: "Show the list, and change nothing." },
    env: {
      type: "string",
      description: `The environment of wrangler's file, or "${TOP_LEVEL}". Default: $CLOUDFLARE_ENV, or the only one.`,
    },
    local: { type: "boolean", description: "Use the list of the local stack, which `npm run dev` runs." },
    "persist-to": {
      type: "string",
      valueHint: "folder",
      description: "With --local: the folder of its state. Default: .wrangler/state/local beside the policy.",
    },
    ...jsonOption,
  },
  positionals: {},
  examples: [
    "--subject 7f3c2a1e --issuer cognito --env production",
    "--session 1b9d6bcd --issuer cognito --until 2027-01-31T12:00:00Z --env production",
    "--client shop --issuer cognito --undo --env production",
    "--list --json --env production",
    "--token-id 5e8a --local",
  ],
  async run(args) {
    if (args["persist-to"] !== undefined && !args.local) throw new UsageError("--persist-to is for --local.");
    if (args.list && args.undo) throw new UsageError("Give one of --list and --undo.");
    if (args.json && !args.list) throw new UsageError("--json is for --list.");
    const { policy } = await loadPolicy(args.policy);
    const issuers = Array.from(policy.issuers.values(), ({ name }) => name);
    const now = Math.ceil(Date.now() / 1000);
    if (args.list) {
      const { entries } = await readList(await namespaceOf(args), callWrangler);
      const counting = withoutRunOut(entries, now);
      if (args.json) printJson({ entries: counting });
      else printLines(formatList(counting, issuers));
      return EXIT.fine;
    }
    // An entry of an issuer that left the policy can still be taken off.
    const known = args.undo && args.issuer !== undefined ? [args.issuer] : issuers;
    const selection = readSelection(args, known);
    const until = readUntil(args.until, now);
    const namespace = await namespaceOf(args);
    const before = await readList(namespace, callWrangler);
    if (args.undo && !before.entries.some((entry) => isSelectedEntry(entry, selection))) {
      throw new CommandError("The list has no such entry. Nothing was written.");
    }
    const after = args.undo
      ? withoutRevocation(before.entries, selection, now)
      : withRevocation(before.entries, selection, until, now);
    await writeList(after, before, namespace, callWrangler);
    const size = `The list had ${counted(before.entries.length, "revocation")}, and has ${after.length} now.`;
    const entry = after.find((it) => isSelectedEntry(it, selection));
    printLines([
      entry === undefined ? `No longer revoked. ${size}` : `Revoked until ${timeText(entry.until)}. ${size}`,
    ]);
    if (policy.revocation === undefined) {
      printErrorLines([`${args.policy}: The policy has no \`revocation\`, so the gateway does not read the list.`]);
    } else printLines([`That counts everywhere within ${revocationBound(policy.revocation)} seconds.`]);
    return EXIT.fine;
  },
});

interface TargetOptions {
  readonly policy: string;
  readonly env: string | undefined;
  readonly local: boolean;
  readonly "persist-to": string | undefined;
}

/** The namespace to use. It is never guessed: nobody would notice a revocation in the wrong environment. */
async function namespaceOf(args: TargetOptions): Promise<Namespace> {
  if (args.local) return localNamespace(args["persist-to"] ?? localState(args.policy, false));
  const wrangler = await readWranglerFileBeside(args.policy);
  if (wrangler === undefined)
    throw new InputError("There is no wrangler file beside the policy. For --local, none is needed.");
  const names = wrangler.environments.map(({ name }) => name || TOP_LEVEL);
  const asked = args.env ?? (process.env["CLOUDFLARE_ENV"] || undefined) ?? (names.length === 1 ? names[0] : undefined);
  if (asked === undefined) throw new UsageError(`Give --env. Known: ${names.join(", ")}.`);
  const environment = wrangler.environments.find(({ name }) => (name || TOP_LEVEL) === asked);
  if (environment === undefined) throw new UsageError(`There is no environment ${asked}. Known: ${names.join(", ")}.`);
  if (!environment.settings.kv_namespaces?.some(({ binding }) => binding === "REVOCATIONS")) {
    throw new InputError(`${wrangler.name}: There is no KV namespace \`REVOCATIONS\` in ${asked}.`);
  }
  return deployedNamespace(wrangler.name, environment.name);
}
