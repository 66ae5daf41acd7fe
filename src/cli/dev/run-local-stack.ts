import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { StackWorker } from "../../local/addresses.ts";
import { isBuildFailure } from "../../local/bundle.ts";
import type { StackPlan } from "../../local/plan/plan-stack.ts";
import { isExample } from "../../local/plan/plan-upstreams.ts";
import { membersOf, type RealAddresses, type StackSource, secretNames } from "../../local/plan/stack-source.ts";
import { PortInUseError, type Stack, type StackOptions, startStack } from "../../local/stack.ts";
import { placeholders } from "../../policy/source/placeholders.ts";
import { callOf } from "../args/command.ts";
import { CommandError, InputError } from "../args/exit-code.ts";
import { placeholderIn } from "../deploy/made-up.ts";
import { hostOf, isLoopback } from "../deploy/policy-addresses.ts";
import { localFiles, readLocalVars } from "../policy-file/local-vars.ts";
import { readPolicySource } from "../policy-file/policy-source.ts";
import { readShadow, shadowFileOf } from "../policy-file/read-shadow.ts";
import { reportPolicy } from "../policy-report.ts";
import { printErrorLines, printLines } from "../print/print-lines.ts";
import { localShell } from "../print/shell.ts";
import { exampleCalls } from "./example-calls.ts";
import { formatLog } from "./format-log.ts";
import { formatStandIns, formatWelcome } from "./format-welcome.ts";
import { localState, miniflareState } from "./local-state.ts";
import { type AddressOptions, parseAddresses } from "./parse-addresses.ts";
import { type StackConsoleOptions, stackConsole } from "./stack-console.ts";

/** What `npm run dev` runs. */
export interface LocalRun {
  /** The policy's file. wrangler's file and the stack's state are beside it. */
  readonly policy: string;
  readonly ports: StackOptions["ports"];
  /** The option that sets each Worker's port, for the message that a port is in use. */
  readonly portOptions: Readonly<Record<StackWorker, string>>;
  readonly addresses: AddressOptions;
  readonly console: Pick<StackConsoleOptions, "port" | "portOption">;
}

/**
 * Starts the local stack, prints what is local, calls to try and the faults of the policy, and then prints each
 * decision. The stack reloads if the policy, wrangler's file or a source changes. Throws `InputError` if there is no
 * policy to start with, and `CommandError` if the stack cannot start. Once it has started, its Workers keep the process
 * alive. The console beside it shows the same policy; without a port for it, the stack runs alone.
 */
export async function runLocalStack(run: LocalRun): Promise<void> {
  const { policy, ports, portOptions, addresses } = run;
  if (!existsSync(policy)) {
    const init = callOf({ name: "init" });
    throw new InputError(`${policy}: There is no such file. Name another with --policy, or write one with ${init}.`);
  }
  const { value } = readPolicySource(policy);
  const real = parseAddresses(addresses, {
    issuers: Object.keys(membersOf(value, "issuers")),
    upstreams: Object.keys(membersOf(value, "upstreams")),
  });
  const ownConsole = stackConsole({ policy, real, ...run.console });
  let shown = "";
  const options: StackOptions = {
    ports,
    real,
    readSource: () => readSource(policy),
    persist: miniflareState(localState(policy, Object.keys(real.issuers).length > 0)),
    watch: () => [...localFiles(policy), ...shadowFiles(policy)],
    onLog(log) {
      ownConsole.add(log);
      printLines(formatLog(log));
    },
    async onRebuild(errors, plan) {
      for (const error of errors) printErrorLines(error.split("\n"));
      if (errors.length > 0) {
        return printErrorLines(["Not reloaded: the gateway still serves the version before this change."]);
      }
      printLines(["Reloaded."]);
      ownConsole.use(plan);
      const standIns = formatStandIns({ plan, urls: stack.urls });
      if (standIns.length > 0 && standIns.join("\n") !== shown) printLines(standIns);
      shown = standIns.join("\n");
      await report(policy, plan, real);
    },
  };
  const stack = await start(options, portOptions);
  shown = formatStandIns(stack).join("\n");
  const example = await exampleCalls(stack.plan, stack.urls.gateway, Date.now());
  const consoleUrl = await ownConsole.start(stack);
  printLines(formatWelcome({ ...stack, consoleUrl }, policy, example, localShell()));
  await report(policy, stack.plan, real);
}

/**
 * The policy, and its vars from wrangler's file and `.dev.vars`. For the running example, placeholders count as not
 * set, so that the stack uses the addresses of its own services.
 */
async function readSource(policy: string): Promise<StackSource> {
  const { value } = readPolicySource(policy);
  const candidate = readCandidate(policy, value);
  const names = [...Object.keys(placeholders(JSON.stringify([value, candidate]))), ...secretNames(value)];
  const { vars, ...secrets } = await readLocalVars(policy, names);
  const kept = isExample(value) ? withoutExampleAddresses(vars) : vars;
  return { config: value, candidate, vars: kept, ...secrets };
}

/** The file that `shadow` names. A fault of it changes no answer: the report of the policy tells of it. */
function readCandidate(name: string, value: unknown): unknown {
  try {
    return readShadow({ name, value })?.value;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return undefined;
  }
}

/** The absolute path of that file. A policy that cannot be read names none. */
function shadowFiles(policy: string): readonly string[] {
  try {
    const file = shadowFileOf(readPolicySource(policy));
    return file === undefined ? [] : [resolve(file)];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return [];
  }
}

function withoutExampleAddresses(vars: StackSource["vars"]): StackSource["vars"] {
  const isKept = (value: unknown) =>
    typeof value !== "string" || placeholderIn(value) === undefined || isLoopback(hostOf(value) ?? "");
  return Object.fromEntries(Object.entries(vars).filter(([, value]) => isKept(value)));
}

async function start(options: StackOptions, portOptions: LocalRun["portOptions"]): Promise<Stack> {
  try {
    return await startStack(options);
  } catch (error) {
    if (error instanceof PortInUseError) {
      throw new CommandError(`${error.message} Choose another with --${portOptions[error.worker]}.`);
    }
    if (isBuildFailure(error)) throw new CommandError(error.message.split("\n"));
    throw error;
  }
}

async function report(policy: string, { vars }: StackPlan, real: RealAddresses): Promise<void> {
  for (const line of await reportPolicy(policy, vars, real)) printErrorLines([line]);
}
