import { formatColumns } from "../output.ts";
import { coloursFor } from "../print/colours.ts";
import { type Command, callOf, type Option, type Positional } from "./command.ts";

/** The `--help` of a command: what it does, how it is called, its arguments, options and examples. */
export function formatHelp(command: Command): string {
  const { strong } = coloursFor();
  const options = Object.entries(command.options);
  const positionals = Object.entries(command.positionals);
  const call = [
    callOf(command),
    ...(options.length > 0 ? ["[OPTIONS]"] : []),
    ...options.filter(([, option]) => isRequired(option)).map(([name, option]) => formatOption(name, option)),
    ...positionals.map(([name, positional]) => formatPositional(name, positional)),
  ];
  const sections = {
    ARGUMENTS: positionals.map(([name, positional]) => [name.toUpperCase(), describe(positional)]),
    OPTIONS: options.map(([name, option]) => [formatOption(name, option), describe(option)]),
    EXAMPLES: command.examples.map((example) => [formatExample(command, example)]),
  };
  const parts = Object.entries(sections)
    .filter(([, rows]) => rows.length > 0)
    .map(([heading, rows]) => [strong(heading), "", ...formatColumns(rows, 4).map((row) => `  ${row}`), ""]);
  return [command.summary, "", `${strong("USAGE")} ${call.join(" ")}`, "", ...parts.flat()].join("\n");
}

function formatOption(name: string, option: Option): string {
  if (option.type === "boolean") return `--${name}`;
  return `--${name}=<${option.choices?.join("|") ?? option.valueHint ?? name}>`;
}

function formatPositional(name: string, positional: Positional): string {
  const shown = name.toUpperCase();
  return `${isRequired(positional) ? `<${shown}>` : `[${shown}]`}${positional.variadic ? "..." : ""}`;
}

function describe(declared: Option | Positional): string {
  if (isRequired(declared)) return `${declared.description} (Required)`;
  const shown = "default" in declared ? declared.default : undefined;
  return shown ? `${declared.description} (Default: ${shown})` : declared.description;
}

function isRequired(declared: Option | Positional): boolean {
  return "required" in declared && declared.required;
}

/** With `-s`, so that npm adds nothing to output that is piped on. */
function formatExample(command: Command, example: string): string {
  const call = callOf(command).replace("npm run", "npm run -s");
  const line = example.startsWith("#") ? example : `${call} ${example}`.replace(/(?: --)? $/, "");
  return line.replaceAll("\n", "\n  ");
}
