import { compilePolicy } from "../../../policy/compile/compile-policy.ts";
import { formatFault } from "../../../policy/fault.ts";
import { defineCommand } from "../../args/command.ts";
import { EXIT, InputError, UsageError } from "../../args/exit-code.ts";
import { mcpRouteOf, routeOption } from "../../mcp/mcp-route.ts";
import { mergeTools, planTools } from "../../mcp/plan-tools.ts";
import { readTools, tokenEnvOption } from "../../mcp/read-tools.ts";
import { chooseUpstream } from "../../openapi/plan-import.ts";
import { counted, jsonOption } from "../../output.ts";
import { type LoadedPolicy, loadPolicy, policyOption } from "../../policy-file/policy-source.ts";
import { readVariables } from "../../policy-file/read-variables.ts";
import { fileErrorCode, replaceFile } from "../../policy-file/replace-file.ts";
import { printJson, printJsonText } from "../../print/print-json.ts";
import { printErrorLines, printLines } from "../../print/print-lines.ts";

export default defineCommand({
  name: "import mcp",
  summary:
    "Add an entry for each tool of an MCP server. You then write who may call it. Exit code 1: some tools cannot have one.",
  options: {
    ...policyOption,
    ...routeOption,
    upstream: {
      type: "string",
      valueHint: "name",
      description: "The upstream of a new route; default: the only upstream.",
    },
    ...tokenEnvOption,
    write: { type: "boolean", description: "Write the policy; default: print it." },
    ...jsonOption,
  },
  positionals: {
    source: { required: true, description: "The server's URL, or a file with its answers to `tools/list`." },
  },
  examples: [
    "https://mcp.example.com/mcp --token-env MCP_TOKEN --write",
    "tools.json --route /mcp --upstream tools",
    "# a server's answer, saved before; without --write the policy is printed",
  ],
  async run(args) {
    if (args.write && args.policy.startsWith("git:"))
      throw new UsageError("The policy of a commit cannot be changed. Name a file with --policy.");
    const loaded = await loadPolicy(args.policy);
    const { policy } = loaded;
    const route = mcpRouteOf(policy, args.route);
    const made = {
      path: args.route ?? "/mcp",
      upstream: route?.upstream.name ?? chooseUpstream(policy, args.upstream),
    };
    const tools = await readTools(args.source, args["token-env"]);
    const plan = planTools(tools, route);
    const text = mergeTools(loaded.text, plan.added, route, made);
    await assertOnlyUndecided(text, loaded, ["routes", String(route?.index ?? policy.routes.length), "mcp", "tools"]);
    if (args.write && text !== loaded.text) write(args.policy, text);
    if (args.json) printJson({ route: route?.path ?? made.path, ...plan, policy: JSON.parse(text) });
    else {
      if (args.write) printLines([`${args.policy}: ${summary(plan.added.length, plan.kept.length)}`]);
      else printJsonText(text);
      printErrorLines([
        ...(tools.length === 0 ? [NO_TOOLS] : []),
        ...(plan.added.length > 0 ? [UNDECIDED] : []),
        ...(route?.mcp.resources.entries.size || route?.mcp.prompts.entries.size ? [] : [ONLY_TOOLS]),
        ...plan.skipped.map((name) => `Not imported: ${name}. No entry can have this name, so calls stay refused.`),
      ]);
    }
    return plan.skipped.length > 0 ? EXIT.findings : EXIT.fine;
  },
});

const UNDECIDED =
  'Each new entry is a fault until it says who may call the tool: write "scopes" or "authenticated": true, or remove it. `check` lists them.';

const NO_TOOLS = "The server lists no tools, at least not to this caller. Some servers list what a token may use.";

const ONLY_TOOLS =
  "Only tools are imported. If the server has resources or prompts, list them in `resources` and `prompts` of the route.";

function summary(added: number, kept: number): string {
  return `${counted(added, "tool")} added; ${counted(kept, "tool")} already had an entry.`;
}

/** Throws `InputError` for any fault except those of new entries, which nobody has decided. */
async function assertOnlyUndecided(text: string, { name }: LoadedPolicy, place: readonly string[]): Promise<void> {
  const vars = await readVariables({ name, text }, { from: "placeholders" });
  const compiled = compilePolicy(JSON.parse(text), vars);
  const faults = compiled.ok ? [] : compiled.failure;
  const others = faults.filter(
    ({ path }) => path.length !== place.length + 1 || place.some((step, at) => String(path[at]) !== step),
  );
  if (others.length === 0) return;
  throw new InputError(["With these tools the policy would be invalid:", ...others.map(formatFault)].join("\n"));
}

function write(file: string, text: string): void {
  try {
    replaceFile(file, text);
  } catch (error) {
    throw new InputError(`${file}: The file cannot be written (${fileErrorCode(error)}).`);
  }
}
