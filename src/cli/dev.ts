/** `npm run dev`: the local stack, reloaded when `routes.json` or a source changes, until Ctrl-C. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { defineCommand } from "citty";
import { STACK_PORTS, type StackWorker } from "../local/addresses.ts";
import { isBuildFailure } from "../local/bundle.ts";
import { PortInUseError, type Stack, type StackOptions, startStack } from "../local/stack.ts";
import { compilePolicy } from "../policy/compile.ts";
import { formatFault } from "../policy/fault.ts";
import { formatLog } from "./format-log.ts";
import { formatWelcome } from "./format-welcome.ts";
import { parsePort } from "./parse-port.ts";
import { CommandError, runCommand } from "./run-command.ts";

const ROUTES_FILE = join(import.meta.dirname, "../../routes.json");
const STATE_DIRECTORY = join(import.meta.dirname, "../../.wrangler/state/local");

/** The option that sets each Worker's port. */
const PORT_OPTIONS = {
  gateway: "port",
  issuer: "issuer-port",
  products: "products-port",
  orders: "orders-port",
} as const satisfies Record<StackWorker, string>;

await runCommand(
  defineCommand({
    meta: { name: "dev", description: "Run the gateway with a local issuer, product and order service." },
    args: {
      port: { type: "string", default: String(STACK_PORTS.gateway), description: "Port of the gateway." },
      "issuer-port": { type: "string", default: String(STACK_PORTS.issuer), description: "Port of the issuer." },
      "products-port": { type: "string", default: String(STACK_PORTS.products), description: "Port of the products." },
      "orders-port": { type: "string", default: String(STACK_PORTS.orders), description: "Port of the orders." },
    },
    async run({ args }) {
      const stack = await start({
        ports: {
          gateway: parsePort(PORT_OPTIONS.gateway, args.port),
          issuer: parsePort(PORT_OPTIONS.issuer, args["issuer-port"]),
          products: parsePort(PORT_OPTIONS.products, args["products-port"]),
          orders: parsePort(PORT_OPTIONS.orders, args["orders-port"]),
        },
        persist: STATE_DIRECTORY,
        onLog: (log) => console.log(formatLog(log)),
        onRebuild: (errors) => reportRebuild(errors, stack.vars),
      });
      console.log(formatWelcome(stack));
      reportFaults(stack.vars);
      // The running Workers keep the process alive. When it is told to end, Miniflare ends them first.
    },
  }),
);

async function start(options: StackOptions): Promise<Stack> {
  try {
    return await startStack(options);
  } catch (error) {
    if (error instanceof PortInUseError) {
      throw new CommandError(`${error.message} Choose another with --${PORT_OPTIONS[error.worker]}.`);
    }
    if (isBuildFailure(error)) throw new CommandError(error.message);
    throw error;
  }
}

function reportRebuild(errors: readonly string[], vars: Stack["vars"]): void {
  for (const error of errors) console.error(error);
  if (errors.length > 0) console.error("Not reloaded: the last good state is still being served.");
  else if (!reportFaults(vars)) console.log("Reloaded.");
}

/** Says what is wrong with the policy; the gateway itself answers with `policy-invalid` until it is mended. */
function reportFaults(vars: Stack["vars"]): boolean {
  const compiled = compilePolicy(readRoutes(), vars);
  if (!("faults" in compiled)) return false;
  console.error("routes.json is not valid; every request is refused with policy-invalid:");
  for (const fault of compiled.faults) console.error(`  ${formatFault(fault)}`);
  return true;
}

/** `undefined` while the file is not there or no JSON, perhaps because an editor is writing it. */
function readRoutes(): unknown {
  try {
    return JSON.parse(readFileSync(ROUTES_FILE, "utf8"));
  } catch {
    return undefined;
  }
}
