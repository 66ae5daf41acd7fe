import { setTimeout } from "node:timers/promises";
import { RELEASE_POLL_MS, RELEASE_WAIT_MS } from "../../../limits.ts";
import { success } from "../../../result.ts";
import { defineCommand } from "../../args/command.ts";
import { TOP_LEVEL } from "../../check/check-policy.ts";
import { askWrangler, runWrangler } from "../../deploy/run-wrangler.ts";
import { ask } from "../../init/ask.ts";
import { gatewayOrigin } from "../../live/ask-gateway.ts";
import { DEFAULT_POLICY } from "../../policy-file/policy-source.ts";
import { coloursFor } from "../../print/colours.ts";
import { printLines } from "../../print/print-lines.ts";
import { release } from "../../release/release.ts";

export default defineCommand({
  name: "release",
  summary:
    "Check, test, prove, compare with what is live, ask, deploy, and wait for the new policy. Exit code 1: nothing was deployed, or the new policy does not answer.",
  options: {
    env: { type: "string", required: true, description: `The environment of wrangler's file, or "${TOP_LEVEL}".` },
    url: {
      type: "string",
      description:
        "The gateway's origin. Default: the policy's publicUrl, a custom domain, a route of a whole host, or the first of hosts.",
    },
    "dry-run": {
      type: "boolean",
      description: "Stop before anything is deployed. Exit code 1: the environment must not be deployed.",
    },
    yes: { type: "boolean", description: "Deploy without asking. Needed where there is no terminal." },
  },
  positionals: {},
  examples: ["--env production --dry-run", "--env production", "--env production --yes --url https://api.example.com"],
  async run(args) {
    const canAsk = process.stdin.isTTY && process.stdout.isTTY;
    return await release(
      {
        file: DEFAULT_POLICY,
        environment: args.env,
        origin: args.url === undefined ? undefined : gatewayOrigin(args.url),
        isDryRun: args["dry-run"],
        isConfirmed: args.yes,
      },
      {
        print: printLines,
        colours: coloursFor(),
        runWrangler,
        askWrangler,
        confirm: canAsk ? confirmOnTerminal : undefined,
        patience: { limitMs: RELEASE_WAIT_MS, everyMs: RELEASE_POLL_MS, now: Date.now, sleep: (ms) => setTimeout(ms) },
      },
    );
  },
});

/** Only `yes` counts, so that nobody deploys by pressing Enter. */
async function confirmOnTerminal(question: string): Promise<boolean> {
  const answers = await ask([{ text: `${question} Type yes:`, parse: success }], process);
  return answers?.[0] === "yes";
}
