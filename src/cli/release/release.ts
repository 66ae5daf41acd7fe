import { basename, dirname, resolve } from "node:path";
import { CommandError, EXIT, type ExitCode, InputError, UsageError } from "../args/exit-code.ts";
import { assertDeployable } from "../check/assert-deployable.ts";
import { TOP_LEVEL } from "../check/check-policy.ts";
import { formatFindings } from "../check/format-findings.ts";
import type { RunWrangler } from "../deploy/run-wrangler.ts";
import { compareLive, type LiveComparison } from "../live/compare-live.ts";
import { digestOfSource } from "../live/find-deployed.ts";
import { formatLive } from "../live/format-live.ts";
import { readReady } from "../live/read-ready.ts";
import { counted } from "../output.ts";
import { runGit } from "../policy-file/git-file.ts";
import { type LoadedPolicy, placeOf, readPolicySource } from "../policy-file/policy-source.ts";
import { readVariables } from "../policy-file/read-variables.ts";
import { readEnvironmentsBeside } from "../policy-file/wrangler-file.ts";
import type { Colours } from "../print/colours.ts";
import { gatewayAddress } from "./gateway-address.ts";
import { liveVersion } from "./live-version.ts";
import { runDecisions } from "./run-decisions.ts";
import { type Patience, waitForPolicy } from "./wait-for-policy.ts";

/** What to release. */
export interface ReleaseOptions {
  /** The policy's file. Wrangler's file is beside it. */
  readonly file: string;
  /** The environment; `top level` for the top level. */
  readonly environment: string;
  /** The origin at which the environment is called; `undefined`: it follows from the policy and wrangler's file. */
  readonly origin: string | undefined;
  /** Stop before anything is deployed. */
  readonly isDryRun: boolean;
  /** The answer to the question whether to deploy; `undefined`: ask. */
  readonly isConfirmed: boolean;
}

/** What a release does to the world outside. */
export interface ReleaseWorld {
  readonly print: (lines: readonly string[]) => void;
  readonly colours: Colours;
  readonly runWrangler: RunWrangler;
  /** Runs wrangler, and returns what it prints; `undefined`: it failed. */
  readonly askWrangler: (args: readonly string[]) => Promise<string | undefined>;
  /** Asks a person a question; `undefined`: nobody can be asked. */
  readonly confirm: ((question: string) => Promise<boolean>) | undefined;
  readonly patience: Patience;
}

/**
 * Releases one environment: checks it, decides the table, proves the guarantees, shows the difference to what is live,
 * asks, deploys, and waits until the new policy answers. The first step that fails ends it. Up to the question, nothing
 * is deployed.
 *
 * @throws CommandError a step failed
 * @throws InputError something cannot be read
 * @throws UsageError nobody can be asked, or nothing says where the gateway is called
 */
export async function release(options: ReleaseOptions, world: ReleaseWorld): Promise<ExitCode> {
  const { file, environment: name, isDryRun } = options;
  const { print, colours } = world;
  const step = (what: string): void => print(["", colours.strong(what)]);
  if (!isDryRun && !options.isConfirmed && world.confirm === undefined) {
    throw new UsageError("Nobody can be asked, because this is not a terminal. Give --yes, or --dry-run.");
  }
  const source = readPolicySource(file);
  const environment = (await readEnvironmentsBeside(file))?.find((it) => (it.name || TOP_LEVEL) === name);
  if (environment === undefined) throw new InputError(`There is no environment ${name} in wrangler's file.`);

  step("check");
  const report = await assertDeployable(source, name);
  print(formatFindings(report, file, (path) => placeOf(source, path), colours));
  if (report.policy === undefined) throw new CommandError(`${file}: The policy is not valid.`);
  const loaded: LoadedPolicy = { ...source, policy: report.policy };
  const origin = options.origin ?? gatewayAddress(report.policy, environment);
  if (origin === undefined) {
    throw new UsageError("Nothing says where the gateway is called. Give --url, or set `publicUrl` in the policy.");
  }

  step("test");
  print((await runDecisions(loaded, colours)) ?? ["There is no table of decisions beside the policy."]);

  step("prove");
  // A guarantee that is broken is an error of the check.
  print([`${counted(report.policy.guarantees.length, "guarantee")} proven.`]);

  step("deployed");
  const before = await compareWithLive(origin, loaded, environment.name, world);
  if (isUncommitted(file)) {
    print([
      colours.doubtful(`${file} has changes that are not committed: \`deployed\` will find no commit of this policy.`),
    ]);
  }
  if (isDryRun) {
    print(["", `Nothing was deployed, because of --dry-run. ${name} can be released.`]);
    return EXIT.fine;
  }
  if (!options.isConfirmed && !(await world.confirm?.(`Deploy ${name} to ${origin}?`))) {
    throw new CommandError("Nothing was deployed.");
  }
  return await deploy({ name, wranglerName: environment.name, origin, loaded, before }, world);
}

/** Prints what is live and how the policy differs; `undefined`: what is live is not known. */
async function compareWithLive(
  origin: string,
  loaded: LoadedPolicy,
  environment: string,
  { print, colours }: ReleaseWorld,
): Promise<LiveComparison | undefined> {
  const live = await readReady(origin);
  if (!live.ok) {
    print([
      live.failure.message,
      colours.doubtful("The live policy is therefore not known. That is usual for a first release only."),
    ]);
    return undefined;
  }
  const comparison = await compareLive(live.value, loaded, environment);
  print(formatLive(comparison, colours));
  return comparison;
}

interface Deployment {
  readonly name: string;
  /** The name for wrangler, which is empty for the top level. */
  readonly wranglerName: string;
  readonly origin: string;
  readonly loaded: LoadedPolicy;
  readonly before: LiveComparison | undefined;
}

async function deploy(
  { name, wranglerName, origin, loaded, before }: Deployment,
  { print, colours, runWrangler, askWrangler, patience }: ReleaseWorld,
): Promise<ExitCode> {
  const vars = await readVariables(loaded, { from: "wrangler", environment: wranglerName });
  const digest = before?.file.digest ?? (await digestOfSource(loaded, vars)) ?? "";
  const previous = before && (await liveVersion(wranglerName, askWrangler));
  const rollBack = `To roll back: ${["npx wrangler rollback", ...(previous ? [previous] : []), "--env", quoted(wranglerName)].join(" ")}`;
  print(["", colours.strong("deploy")]);
  if ((await runWrangler(deployArguments(wranglerName))) !== 0) {
    throw new CommandError(["wrangler failed, so either version may be live.", ...(before ? [rollBack] : [])]);
  }
  print(["", colours.strong("wait")]);
  const problem = await waitForPolicy(origin, digest, patience);
  if (problem !== undefined) {
    const waited = `The new policy did not answer within ${patience.limitMs / 1000} s.`;
    throw new CommandError([problem, waited, ...(before ? [rollBack] : [])]);
  }
  const version = await liveVersion(wranglerName, askWrangler);
  const isSame = before?.live.digest === digest;
  print([
    colours.good(`${origin} has the policy ${digest}.`),
    ...(isSame ? ["  The gateway had this policy before, so this does not show whether the new version answers."] : []),
    ...(version === undefined ? [] : [`Version ${version} is live.`]),
    ...(before ? [rollBack] : []),
    `Next: scopegate smoke ${origin} --env ${quoted(name)}`,
  ]);
  return EXIT.fine;
}

/** What wrangler is run with. It deploys at once, never gradually. */
export function deployArguments(environment: string): readonly string[] {
  return ["deploy", "--env", environment];
}

/** A name as a shell takes it. */
function quoted(name: string): string {
  return /^[\w-]+$/.test(name) ? name : `"${name}"`;
}

function isUncommitted(file: string): boolean {
  const changes = runGit(["status", "--porcelain", "--", basename(file)], dirname(resolve(file)));
  return changes.ok && changes.value !== "";
}
