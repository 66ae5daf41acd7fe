import { defineCommand } from "../../args/command.ts";
import { EXIT, UsageError } from "../../args/exit-code.ts";
import { mcpDrift } from "../../mcp/mcp-drift.ts";
import { mcpRouteOf, routeOption } from "../../mcp/mcp-route.ts";
import { readTools, tokenEnvOption } from "../../mcp/read-tools.ts";
import { counted, jsonOption } from "../../output.ts";
import { loadPolicy, placeOf, policyOption } from "../../policy-file/policy-source.ts";
import { coloursFor } from "../../print/colours.ts";
import { printJson } from "../../print/print-json.ts";
import { printLines } from "../../print/print-lines.ts";

export default defineCommand({
  name: "drift mcp",
  summary: "Compare the tools of an MCP server with the entries of its route. Exit code 1: they differ.",
  options: { ...policyOption, ...routeOption, ...tokenEnvOption, ...jsonOption },
  positionals: {
    source: { required: true, description: "The server's URL, or a file with its answers to `tools/list`." },
  },
  examples: ["https://mcp.example.com/mcp --token-env MCP_TOKEN", "tools.json --route /mcp --policy git:main"],
  async run(args) {
    const loaded = await loadPolicy(args.policy);
    const route = mcpRouteOf(loaded.policy, args.route);
    if (route === undefined) {
      throw new UsageError(`The policy has no MCP route${args.route === undefined ? "" : ` ${args.route}`}.`);
    }
    const tools = await readTools(args.source, args["token-env"]);
    const { unlisted, unknown } = mcpDrift(tools, route);
    const pathOf = (pattern: string) => ["routes", route.index, "mcp", "tools", pattern];
    if (args.json) {
      printJson({
        route: route.path,
        unlisted,
        unknown: unknown.map((pattern) => ({ pattern, ...loaded.locate(pathOf(pattern)) })),
      });
    } else {
      const { bad, doubtful, faint, strong } = coloursFor();
      const section = (heading: string, lines: readonly string[]) =>
        lines.length === 0 ? [] : ["", strong(heading), ...lines];
      const differs = unlisted.length + unknown.length > 0;
      printLines([
        differs
          ? strong(`${route.path}, ${counted(tools.length, "tool")}`)
          : `${route.path}: the policy lists all of ${counted(tools.length, "tool")}.`,
        ...section(
          "Tools of the server without an entry: calls are refused",
          unlisted.map((name) => `  ${bad(name)}`),
        ),
        ...section(
          "Entries without a tool of the server",
          unknown.map((pattern) => `  ${doubtful(pattern)}  ${faint(placeOf(loaded, pathOf(pattern)))}`),
        ),
      ]);
    }
    return unlisted.length + unknown.length > 0 ? EXIT.findings : EXIT.fine;
  },
});
