/** `npm run check:policy`: whether `routes.json` may serve, with the vars of every environment of `wrangler.toml`. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineCommand } from "citty";
import { compilePolicy } from "../policy/compile.ts";
import { type Fault, formatFault } from "../policy/fault.ts";
import { CommandError, runCommand } from "./run-command.ts";
import { readEnvironments } from "./wrangler-vars.ts";

const ROUTES_FILE = fileURLToPath(new URL("../../routes.json", import.meta.url));

await runCommand(
  defineCommand({
    meta: { name: "check", description: "Check routes.json with the vars of every environment of wrangler.toml." },
    args: { file: { type: "string", default: ROUTES_FILE, description: "The policy to check." } },
    run({ args }) {
      const file = parse(args.file);
      const found = new Map<string, Fault & { readonly environments: string[] }>();
      for (const { name, vars } of readEnvironments()) {
        const compiled = compilePolicy(file, vars);
        if (!("faults" in compiled)) continue;
        for (const fault of compiled.faults) {
          const line = formatFault(fault);
          const known = found.get(line) ?? { ...fault, environments: [] };
          known.environments.push(name === "" ? "top level" : name);
          found.set(line, known);
        }
      }
      if (found.size === 0) return console.log("routes.json: no faults");
      const lines = Array.from(found, ([line, { environments }]) => `${line} (${environments.join(", ")})`);
      throw new CommandError([...lines, `${found.size} ${found.size === 1 ? "fault" : "faults"}`].join("\n"));
    },
  }),
);

function parse(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    throw new CommandError(`${path} cannot be read.`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CommandError(`${path} is not JSON: ${error instanceof Error ? error.message : error}`);
  }
}
