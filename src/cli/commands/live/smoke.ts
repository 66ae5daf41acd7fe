import { defineCommand } from "../../args/command.ts";
import { EXIT, InputError, UsageError } from "../../args/exit-code.ts";
import { readTokenFile, tokenFileOption } from "../../args/read-token.ts";
import { TOP_LEVEL } from "../../check/check-policy.ts";
import { gatewayOrigin } from "../../live/ask-gateway.ts";
import { digestOfSource } from "../../live/find-deployed.ts";
import { readReady } from "../../live/read-ready.ts";
import { jsonOption } from "../../output.ts";
import { compileSource, policyOption, readPolicySource } from "../../policy-file/policy-source.ts";
import { readVariables } from "../../policy-file/read-variables.ts";
import { coloursFor } from "../../print/colours.ts";
import { printJson } from "../../print/print-json.ts";
import { printLines } from "../../print/print-lines.ts";
import { formatSmoke } from "../../smoke/format-smoke.ts";
import { runSmoke } from "../../smoke/run-smoke.ts";

export default defineCommand({
  name: "smoke",
  summary:
    "Check a deployed gateway from outside: ready, policy, metadata, one 401, one 404, and with a token one call. Exit code 1: a check failed.",
  options: {
    ...policyOption,
    env: {
      type: "string",
      description: `Use the vars of this environment of wrangler's file, or "${TOP_LEVEL}". Default: the top level.`,
    },
    ...tokenFileOption,
    path: {
      type: "string",
      description: "The path to GET with the token. Default: a route without parameters that the token opens.",
    },
    ...jsonOption,
  },
  positionals: {
    url: { required: true, description: "The gateway's origin: https, or http on loopback." },
  },
  examples: [
    "https://api.example.com --env production",
    "https://api.example.com --env production --token-file - < token.txt",
    "http://127.0.0.1:8787 --token-file token.txt --path /orders/17",
  ],
  async run(args) {
    const origin = gatewayOrigin(args.url);
    const token = args["token-file"] === undefined ? undefined : readTokenFile(args["token-file"]);
    if (args.path !== undefined && token === undefined)
      throw new UsageError("--path is for a token: give --token-file.");
    if (args.path?.startsWith("/") === false) throw new UsageError("--path must start with a slash.");
    const source = readPolicySource(args.policy);
    const environment = args.env === TOP_LEVEL ? undefined : args.env;
    const vars = await readVariables(source, { from: "wrangler", environment });
    const { policy } = compileSource(source, vars);
    const digest = (await digestOfSource(source, vars)) ?? "";
    const live = await readReady(origin);
    if (!live.ok && !live.failure.isReached) throw new InputError(live.failure.message);
    const file = { name: source.name, digest };
    const checks = await runSmoke({ origin, live, policy, file, token, path: args.path, nowMs: Date.now() });
    if (args.json) printJson({ url: origin, policy: source.name, checks });
    else printLines(formatSmoke(checks, coloursFor()));
    return checks.some(({ outcome }) => outcome === "failed") ? EXIT.findings : EXIT.fine;
  },
});
