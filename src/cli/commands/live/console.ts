import { CONSOLE_PORT } from "../../../local/addresses.ts";
import { defineCommand } from "../../args/command.ts";
import { chosenDay, dayOption } from "../../args/day-option.ts";
import { EXIT } from "../../args/exit-code.ts";
import { parsePort } from "../../args/parse-port.ts";
import { environmentOption, policyOption } from "../../policy-file/policy-source.ts";
import { printLines } from "../../print/print-lines.ts";

export default defineCommand({
  name: "console",
  summary: "Show the policy in a browser on this machine: who may call what, why, and what a change opens.",
  options: {
    ...policyOption,
    ...environmentOption,
    ...dayOption,
    port: {
      type: "string",
      valueHint: "port",
      default: String(CONSOLE_PORT),
      description: "Port on loopback; 0: any free one.",
    },
  },
  positionals: {},
  examples: ["", "--policy git:main", "--env production --port 9001"],
  async run(args) {
    const port = parsePort("port", args.port);
    chosenDay(args.on, Date.now());
    // Loaded only here: the help of all commands loads this file.
    const { startConsole } = await import("../../console/start-console.ts");
    const { policyOfFiles } = await import("../../console/policy-of-files.ts");
    const { url } = await startConsole({
      policy: policyOfFiles(args.policy, args.env),
      environment: args.env,
      day: () => chosenDay(args.on, Date.now()),
      port,
      portOption: "port",
    });
    printLines([`The console at ${url} shows ${args.policy}. Ctrl-C stops.`]);
    return EXIT.fine;
  },
});
