/** `npm run dev`: the local stack, reloaded when `routes.json`, `wrangler.toml` or a source changes, until Ctrl-C. */
import { join, relative } from "node:path";
import { defineCommand } from "citty";
import { STACK_PORTS, type StackWorker } from "../../local/addresses.ts";
import { isBuildFailure } from "../../local/bundle.ts";
import { PortInUseError, type Stack, type StackOptions, startStack } from "../../local/stack.ts";
import { assertDifferentPorts, parsePort } from "../args/parse-port.ts";
import { CommandError, runCommand } from "../args/run-command.ts";
import { formatLog } from "../dev/format-log.ts";
import { formatWelcome } from "../init/format-welcome.ts";
import { ROUTES_FILE, readLocalVars, WRANGLER_FILE } from "../policy-file/local-vars.ts";
import { reportPolicy } from "../policy-report.ts";

const STATE_DIRECTORY = join(import.meta.dirname, "../../../.wrangler/state/local");

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
      const ports = {
        gateway: parsePort(PORT_OPTIONS.gateway, args.port),
        issuer: parsePort(PORT_OPTIONS.issuer, args["issuer-port"]),
        products: parsePort(PORT_OPTIONS.products, args["products-port"]),
        orders: parsePort(PORT_OPTIONS.orders, args["orders-port"]),
      };
      assertDifferentPorts(Object.entries(ports).map(([worker, port]) => [PORT_OPTIONS[worker as StackWorker], port]));
      const stack = await start({
        ports,
        persist: STATE_DIRECTORY,
        readVars: readLocalVars,
        watch: [WRANGLER_FILE],
        onLog: (log) => console.log(formatLog(log)),
        onRebuild: reportRebuild,
      });
      console.log(formatWelcome(stack));
      await report(stack.vars);
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

async function reportRebuild(errors: readonly string[], vars: Stack["vars"]): Promise<void> {
  for (const error of errors) console.error(error);
  if (errors.length > 0) return console.error("Not reloaded: what was served before is still being served.");
  console.log("Reloaded.");
  await report(vars);
}

async function report(vars: Stack["vars"]): Promise<void> {
  for (const line of await reportPolicy(relative(process.cwd(), ROUTES_FILE), vars)) console.error(line);
}
