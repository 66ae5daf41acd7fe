import type { StackPlan } from "../../local/plan/plan-stack.ts";
import type { RealAddresses } from "../../local/plan/stack-source.ts";
import { useRealAddresses } from "../../local/plan/use-real-addresses.ts";
import type { Stack } from "../../local/stack.ts";
import type { WorkerLog } from "../../local/worker-logs.ts";
import { dayOf } from "../../policy/settings/report-only.ts";
import { placeholders } from "../../policy/source/placeholders.ts";
import { CommandError } from "../args/exit-code.ts";
import { KeyHistory } from "../console/keys/key-history.ts";
import { readStackKeys } from "../console/keys/read-stack-keys.ts";
import { lineRing } from "../console/live/line-ring.ts";
import { startConsole } from "../console/start-console.ts";
import type { PolicyInput } from "../console/view/policy-state.ts";
import { compileSource } from "../policy-file/policy-source.ts";
import { printErrorLines } from "../print/print-lines.ts";
import { formatStandIns } from "./format-welcome.ts";

/** The console of a local stack. */
export interface StackConsole {
  /** Keeps what a Worker logged, if it is the gateway. May be called before `start`. */
  add(log: WorkerLog): void;
  /** Serves the console. Returns its origin; `undefined`: it cannot listen, which is printed, and the stack runs on. */
  start(stack: Stack): Promise<string | undefined>;
  /** Tells it that the stack runs another plan. */
  use(plan: StackPlan): void;
}

/** What the console of a stack shows, and where. */
export interface StackConsoleOptions {
  /** The policy's file. */
  readonly policy: string;
  readonly real: RealAddresses;
  readonly port: number;
  /** The option that sets the port, for the message that it is in use. */
  readonly portOption: string;
}

/** Makes the console of a local stack, which shows the policy with the vars of the stack. */
export function stackConsole({ policy, real, port, portOption }: StackConsoleOptions): StackConsole {
  const ring = lineRing();
  const history = new KeyHistory();
  // Not asked of the stack with each request: it compiles the policy to answer.
  let plan: StackPlan | undefined;
  return {
    add(log) {
      if (log.worker !== "gateway") return;
      ring.add(log, Date.now());
      history.add(log, Date.now());
    },
    use(next) {
      plan = next;
    },
    async start(stack) {
      plan = stack.plan;
      const standIns = () => (plan ? formatStandIns({ plan, urls: stack.urls }) : []);
      try {
        const { url } = await startConsole({
          policy: policyOfStack(policy, real, () => (plan === undefined ? {} : shownVars(plan))),
          day: () => dayOf(Date.now()),
          port,
          portOption,
          stack: {
            ...ring,
            gatewayUrl: stack.urls.gateway,
            standIns: () => standIns().filter((line) => line !== ""),
            keys: () => readStackKeys(stack, [...(plan?.policy?.issuers.values() ?? [])]),
            keyHistory: (issuer) => history.of(issuer),
          },
        });
        return url;
      } catch (error) {
        if (!(error instanceof CommandError)) throw error;
        printErrorLines(error.lines);
        return undefined;
      }
    },
  };
}

/** The policy with the vars of the stack. A variable that they lack gets a made-up value. */
export function policyOfStack(
  name: string,
  real: RealAddresses,
  vars: () => Readonly<Record<string, unknown>>,
): PolicyInput {
  return {
    name,
    compile: async (source) =>
      compileSource(
        { ...source, value: useRealAddresses(source.value, real) },
        { ...placeholders(source.text), ...vars() },
      ),
    dependsOn: () => JSON.stringify(vars()),
  };
}

/** The vars of a stack without those from files that git ignores. No page shows their values. */
function shownVars({ vars, secret }: StackPlan): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(vars).filter(([name]) => !secret.has(name)));
}
