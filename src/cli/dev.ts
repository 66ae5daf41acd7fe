/** `npm run dev`: the local stack, reloaded when `routes.json` or a source changes, until Ctrl-C. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineCommand } from "citty";
import { STACK_PORTS, type StackWorker } from "../local/addresses.ts";
import { isBuildFailure } from "../local/bundle.ts";
import { PortInUseError, type Stack, type StackOptions, startStack } from "../local/stack.ts";
import { compilePolicy } from "../policy/compile.ts";
import { formatFault } from "../policy/fault.ts";
import { formatLog } from "./format-log.ts";
import { formatWelcome } from "./format-welcome.ts";
import { CommandError, runCommand, UsageError } from "./run-command.ts";

const ROUTES_FILE = new URL("../../routes.json", import.meta.url);
const STATE_DIRECTORY = fileURLToPath(new URL("../../.wrangler/state/local", import.meta.url));

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
      await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
      await stack.dispose();
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

function parsePort(option: string, value: string): number {
  const port = /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN;
  if (port <= 65_535) return port;
  throw new UsageError(`--${option} needs a port from 0 (any free one) to 65535.`);
}

function reportRebuild(errors: readonly string[], vars: Stack["vars"]): void {
  for (const error of errors) console.error(error);
  if (errors.length > 0) console.error("Not reloaded: the last good state is still being served.");
  else if (!reportFaults(vars)) console.log("Reloaded.");
}

/** Says what is wrong with the policy; the gateway itself answers with `policy-invalid` until it is mended. */
function reportFaults(vars: Stack["vars"]): boolean {
  const compiled = compilePolicy(JSON.parse(readFileSync(ROUTES_FILE, "utf8")), vars);
  if (!("faults" in compiled)) return false;
  console.error("routes.json is not valid; every request is refused with policy-invalid:");
  for (const fault of compiled.faults) console.error(`  ${formatFault(fault)}`);
  return true;
}
