import { stripVTControlCharacters } from "node:util";
import { type ArgsDef, type CommandDef, type CommandMeta, renderUsage } from "citty";

/**
 * The `--help` of a command: what it does, how it is called, its options and examples. Coloured for terminals only.
 *
 * @param call how it is run: `npm run token --`
 * @param examples whole command lines
 */
export async function formatHelp<T extends ArgsDef>(
  command: CommandDef<T>,
  call: string,
  examples: readonly string[] = [],
): Promise<string> {
  const { description = "" } = (command.meta ?? {}) as CommandMeta;
  const args = withoutIdleDefaults((command.args ?? {}) as ArgsDef);
  const usage = await renderUsage({ meta: { name: call, description }, args });
  const plain = process.stdout.isTTY ? usage : stripVTControlCharacters(usage);
  // The first line would say once more how it is called; columns end in spaces.
  const lean = plain.replace(` (${call})`, "").replace(/ +$/gm, "");
  const shown = examples.map((example) => `  ${example.replaceAll("\n", "\n  ")}`);
  return [lean, ...(shown.length > 0 ? ["EXAMPLES", "", ...shown, ""] : [])].join("\n");
}

/** A default of nothing, or of no, says nothing. */
function withoutIdleDefaults(args: ArgsDef): ArgsDef {
  const entries = Object.entries(args).map(([name, { default: value, ...rest }]) => [
    name,
    value === undefined || value === "" || value === false ? rest : { ...rest, default: value },
  ]);
  return Object.fromEntries(entries) as ArgsDef;
}
