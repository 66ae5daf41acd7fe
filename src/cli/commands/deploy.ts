import { defineCommand } from "../args/command.ts";
import { CommandError, EXIT, InputError } from "../args/exit-code.ts";
import { assertDeployable } from "../check/assert-deployable.ts";
import { TOP_LEVEL } from "../check/check-policy.ts";
import { describeTargets } from "../deploy/describe-targets.ts";
import { runWrangler } from "../deploy/run-wrangler.ts";
import { DEFAULT_POLICY, readPolicySource } from "../policy-file/policy-source.ts";
import { readEnvironmentsBeside } from "../policy-file/wrangler-file.ts";
import { printLines } from "../print/print-lines.ts";

export default defineCommand({
  name: "deploy",
  summary: "Deploy one environment, after its checks. Exit code 1: nothing was deployed, or wrangler failed.",
  options: {
    env: {
      type: "string",
      description: `The environment of wrangler's file, or "${TOP_LEVEL}". Default: $CLOUDFLARE_ENV; in Workers Builds the top level.`,
    },
  },
  positionals: {},
  examples: [
    "--env production",
    `--env "${TOP_LEVEL}"`,
    "# without --env, it says what it could deploy, and deploys nothing",
  ],
  hasScript: true,
  async run(args) {
    const source = readPolicySource(DEFAULT_POLICY);
    const environments = await readEnvironmentsBeside(source.name);
    if (environments === undefined) throw new InputError("There is no wrangler file here, so nothing can be deployed.");
    const environment = args.env ?? environmentOf(process.env);
    if (environment === undefined) {
      throw new CommandError([
        "Nothing was deployed. Name the environment:",
        ...describeTargets(environments, TOP_LEVEL).map((line) => `  ${line}`),
      ]);
    }
    await assertDeployable(source, environment);
    printLines([`Deploying ${environment === TOP_LEVEL ? "the top level" : environment}.`]);
    const exitCode = await runWrangler(["deploy", "--env", environment === TOP_LEVEL ? "" : environment]);
    return exitCode === 0 ? EXIT.fine : EXIT.findings;
  },
});

/**
 * The environment that this process is for. wrangler reads `CLOUDFLARE_ENV`, too. Cloudflare's Workers Builds runs the
 * script `deploy` without the name of an environment, for the one Worker that the repository is connected to: it means
 * the top level.
 */
function environmentOf({ CLOUDFLARE_ENV, WORKERS_CI }: NodeJS.ProcessEnv): string | undefined {
  return CLOUDFLARE_ENV || (WORKERS_CI === "1" ? TOP_LEVEL : undefined);
}
