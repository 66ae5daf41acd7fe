import { STACK_PORTS, type StackWorker } from "../../local/addresses.ts";
import { defineCommand } from "../args/command.ts";
import { EXIT } from "../args/exit-code.ts";
import { assertDifferentPorts, parsePort } from "../args/parse-port.ts";

/** The option that sets each Worker's port. */
const PORT_OPTIONS = {
  gateway: "port",
  issuer: "issuer-port",
  products: "products-port",
  orders: "orders-port",
} as const satisfies Record<StackWorker, string>;

export default defineCommand({
  name: "dev",
  summary: "Run the gateway with a local issuer, product service and order service, and reload what changes.",
  options: {
    port: portOption("gateway", "Port of the gateway."),
    "issuer-port": portOption("issuer", "Port of the issuer."),
    "products-port": portOption("products", "Port of the product service."),
    "orders-port": portOption("orders", "Port of the order service."),
  },
  positionals: {},
  examples: ["", "--port 9000"],
  hasScript: true,
  async run(args) {
    const ports = {
      gateway: parsePort(PORT_OPTIONS.gateway, args.port),
      issuer: parsePort(PORT_OPTIONS.issuer, args["issuer-port"]),
      products: parsePort(PORT_OPTIONS.products, args["products-port"]),
      orders: parsePort(PORT_OPTIONS.orders, args["orders-port"]),
    };
    assertDifferentPorts(Object.entries(ports).map(([worker, port]) => [PORT_OPTIONS[worker as StackWorker], port]));
    // Loaded only here: it takes longer than all the rest together, and the help of all commands loads this file.
    const { runLocalStack } = await import("../dev/run-local-stack.ts");
    await runLocalStack(ports, PORT_OPTIONS);
    return EXIT.fine;
  },
});

function portOption(worker: StackWorker, description: string) {
  return { type: "string", valueHint: "port", default: String(STACK_PORTS[worker]), description } as const;
}
