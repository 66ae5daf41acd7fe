import { CONSOLE_PORT, STACK_PORTS, type StackWorker } from "../../local/addresses.ts";
import { defineCommand } from "../args/command.ts";
import { EXIT, UsageError } from "../args/exit-code.ts";
import { assertDifferentPorts, parsePort } from "../args/parse-port.ts";
import { DEFAULT_POLICY } from "../policy-file/policy-source.ts";

/** The option that sets each Worker's port. */
const PORT_OPTIONS = {
  gateway: "port",
  issuer: "issuer-port",
  products: "products-port",
  orders: "orders-port",
} as const satisfies Record<StackWorker, string>;

/** The console's. It is no Worker of the stack, and runs in the process of the command. */
const CONSOLE_PORT_OPTION = "console-port";

export default defineCommand({
  name: "dev",
  summary:
    "Run the gateway with the policy that is there, a local issuer and an echo for upstreams that do not answer, and " +
    "reload what changes.",
  options: {
    policy: {
      type: "string",
      default: DEFAULT_POLICY,
      valueHint: "file",
      description: "The policy to run, with the wrangler file beside it.",
    },
    "issuer-url": {
      type: "string",
      valueHint: "url",
      multiple: true,
      description: "Use this real issuer instead of the local one; NAME=URL if the policy has several issuers.",
    },
    upstream: {
      type: "string",
      valueHint: "name=url",
      multiple: true,
      description: "Send an upstream's requests to this URL; may be repeated.",
    },
    port: portOption("gateway", "Port of the gateway."),
    "issuer-port": portOption("issuer", "Port of the local issuer."),
    "products-port": portOption("products", "Port of the example's product service."),
    "orders-port": portOption("orders", "Port of the example's order service."),
    [CONSOLE_PORT_OPTION]: {
      type: "string",
      valueHint: "port",
      default: String(CONSOLE_PORT),
      description: "Port of the console.",
    },
  },
  positionals: {},
  examples: [
    "",
    "--port 9000",
    "--upstream orders=http://127.0.0.1:3000",
    "--issuer-url https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_A1b2C3d4E",
  ],
  hasScript: true,
  async run(args) {
    const { policy, upstream: upstreams, "issuer-url": issuers } = args;
    if (policy.startsWith("git:")) throw new UsageError("--policy needs a file: a commit does not change.");
    const ports = {
      gateway: parsePort(PORT_OPTIONS.gateway, args.port),
      issuer: parsePort(PORT_OPTIONS.issuer, args["issuer-port"]),
      products: parsePort(PORT_OPTIONS.products, args["products-port"]),
      orders: parsePort(PORT_OPTIONS.orders, args["orders-port"]),
    };
    const consolePort = parsePort(CONSOLE_PORT_OPTION, args[CONSOLE_PORT_OPTION]);
    assertDifferentPorts([
      ...Object.entries(ports).map(([worker, port]) => [PORT_OPTIONS[worker as StackWorker], port] as const),
      [CONSOLE_PORT_OPTION, consolePort],
    ]);
    // Loaded only here: it takes longer than all the rest together, and the help of all commands loads this file.
    const { runLocalStack } = await import("../dev/run-local-stack.ts");
    await runLocalStack({
      policy,
      ports,
      portOptions: PORT_OPTIONS,
      addresses: { issuers, upstreams },
      console: { port: consolePort, portOption: CONSOLE_PORT_OPTION },
    });
    return EXIT.fine;
  },
});

function portOption(worker: StackWorker, description: string) {
  return { type: "string", valueHint: "port", default: String(STACK_PORTS[worker]), description } as const;
}
