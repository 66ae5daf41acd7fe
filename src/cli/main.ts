#!/usr/bin/env node
/** `npm run scopegate -- <command>`: the policy as something to question and prove. */
import { realpathSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";
import { type ArgsDef, type CommandDef, type CommandMeta, runCommand } from "citty";
import { closest } from "../policy/suggestion.ts";
import { argumentFault } from "./args/argument-fault.ts";
import { formatHelp } from "./args/format-help.ts";
import { UsageError } from "./args/run-command.ts";
import { EXIT, type ExitCode, InputError } from "./output.ts";

/** What a command's file exports. */
interface CommandModule {
  /** A citty command whose `run` gives the exit code. */
  readonly default: {
    readonly meta?: unknown;
    readonly args?: unknown;
    readonly run?: (context: never) => ExitCode | Promise<ExitCode>;
  };
  /** Command lines for `--help`, without the leading `scopegate`. */
  readonly examples: readonly string[];
  /** Whether it takes any number of arguments beyond its positional ones. */
  readonly variadic?: true;
}

type Loader = () => Promise<CommandModule>;
interface Group {
  readonly [name: string]: Loader | Group;
}

/** Loaded when asked for, so that each starts fast. */
const COMMANDS: Group = {
  check: () => import("./commands/check.ts"),
  explain: () => import("./commands/explain.ts"),
  matrix: () => import("./commands/matrix.ts"),
  prove: () => import("./commands/prove.ts"),
  diff: () => import("./commands/diff.ts"),
  import: {
    openapi: () => import("./commands/import-openapi.ts"),
    cognito: () => import("./commands/import-cognito.ts"),
  },
  drift: { openapi: () => import("./commands/drift-openapi.ts") },
  export: { cognito: () => import("./commands/export-cognito.ts") },
  init: () => import("./commands/init.ts"),
};

/**
 * Runs one command line and gives its exit code. What the user did wrong is said on stderr, in one line each; any other
 * error is a bug and thrown.
 */
export async function main(rawArgs: readonly string[]): Promise<ExitCode> {
  try {
    return await dispatch(rawArgs);
  } catch (error) {
    if (!isExpected(error)) throw error;
    console.error(stripVTControlCharacters(error.message));
    return EXIT.unusable;
  }
}

function isExpected(error: unknown): error is Error {
  return (
    error instanceof InputError || error instanceof UsageError || (error instanceof Error && error.name === "CLIError")
  );
}

async function dispatch(rawArgs: readonly string[]): Promise<ExitCode> {
  let group: Group = COMMANDS;
  const names = ["scopegate"];
  for (const [index, arg] of rawArgs.entries()) {
    if (isHelp(arg)) return await showGroup(names, group);
    const found = Object.hasOwn(group, arg) ? group[arg] : undefined;
    if (found === undefined) throw unknownCommand(arg, names, group);
    names.push(arg);
    if (typeof found === "function") return await runLoaded(await found(), names, rawArgs.slice(index + 1));
    group = found;
  }
  await showGroup(names, group);
  return EXIT.unusable;
}

async function runLoaded(module: CommandModule, names: readonly string[], rawArgs: string[]): Promise<ExitCode> {
  const command = module.default as CommandDef;
  if (rawArgs.some(isHelp)) {
    const call = names.slice(1).join(" ");
    console.log(await formatHelp(command, `npm run scopegate -- ${call}`, module.examples.map(commandLine)));
    return EXIT.fine;
  }
  const fault = argumentFault(rawArgs, {
    name: names.join(" "),
    args: command.args as ArgsDef,
    isVariadic: module.variadic ?? false,
  });
  if (fault !== undefined) throw new UsageError(fault);
  const { result } = await runCommand(command, { rawArgs });
  return result as ExitCode;
}

function isHelp(arg: string): boolean {
  return arg === "--help" || arg === "-h";
}

function unknownCommand(arg: string, names: readonly string[], group: Group): UsageError {
  const known = Object.keys(group);
  const meant = closest(arg, known);
  const kind = arg.startsWith("-") ? "option" : "command";
  const help = meant === undefined ? `Known: ${known.join(", ")}.` : `Did you mean \`${meant}\`?`;
  return new UsageError(`${names.join(" ")} has no ${kind} \`${arg}\`. ${help}`);
}

async function showGroup(names: readonly string[], group: Group): Promise<ExitCode> {
  const lines = await describe(group, names.slice(1));
  const width = Math.max(...lines.map(([name]) => name.length));
  const heading = names.length === 1 ? "Scopegate: who may call what, asked of routes.json itself.\n\n" : "";
  const call = ["npm run scopegate --", ...names.slice(1)].join(" ");
  console.log(`${heading}Usage: ${call} <command> [options]\n`);
  for (const [name, description] of lines) console.log(`  ${name.padEnd(width)}  ${description}`);
  console.log(
    "\nEach has --help, with examples. Exit codes: 0 fine, 1 findings, 2 called wrongly or unreadable input.",
  );
  return EXIT.fine;
}

async function describe(group: Group, above: readonly string[]): Promise<readonly (readonly [string, string])[]> {
  const lines: (readonly [string, string])[] = [];
  for (const [name, entry] of Object.entries(group)) {
    const names = [...above, name];
    if (typeof entry === "function") lines.push([names.join(" "), metaOf(await entry()).description ?? ""]);
    else lines.push(...(await describe(entry, names)));
  }
  return lines;
}

function metaOf(module: CommandModule): CommandMeta {
  return module.default.meta as CommandMeta;
}

/**
 * An example that begins with `#` is a remark on the one before. Silent, so that npm adds nothing to what is piped on.
 */
function commandLine(example: string): string {
  return example.startsWith("#") ? example : `npm run -s scopegate -- ${example}`;
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === import.meta.filename) {
  // Whoever reads the output may stop early, as `head` does.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  process.exitCode = await main(process.argv.slice(2));
}
