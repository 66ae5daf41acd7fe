#!/usr/bin/env node
import { realpathSync } from "node:fs";
import { IS_PACKAGE } from "../installation.ts";
import { closest } from "../policy/suggestion.ts";
import type { Command } from "./args/command.ts";
import { EXIT, type ExitCode } from "./args/exit-code.ts";
import { printInternalError } from "./args/internal-error.ts";
import { isHelp, runCommand } from "./args/run-command.ts";
import { formatColumns } from "./output.ts";
import { printErrorLines, printLines } from "./print/print-lines.ts";

/** Every command, by the words that call it. Each is loaded when it is called, so that it starts fast. */
const COMMANDS: Readonly<Record<string, () => Promise<{ readonly default: Command }>>> = {
  check: () => import("./commands/check.ts"),
  explain: () => import("./commands/explain.ts"),
  "explain mcp": () => import("./commands/mcp/explain-mcp.ts"),
  test: () => import("./commands/test.ts"),
  matrix: () => import("./commands/matrix.ts"),
  console: () => import("./commands/live/console.ts"),
  prove: () => import("./commands/prove.ts"),
  diff: () => import("./commands/diff.ts"),
  replay: () => import("./commands/decisions/replay.ts"),
  advise: () => import("./commands/decisions/advise.ts"),
  release: () => import("./commands/live/release.ts"),
  smoke: () => import("./commands/live/smoke.ts"),
  deployed: () => import("./commands/live/deployed.ts"),
  "import openapi": () => import("./commands/import-openapi.ts"),
  "import cognito": () => import("./commands/import-cognito.ts"),
  "import mcp": () => import("./commands/mcp/import-mcp.ts"),
  "drift openapi": () => import("./commands/drift-openapi.ts"),
  "drift mcp": () => import("./commands/mcp/drift-mcp.ts"),
  "export cognito": () => import("./commands/export-cognito.ts"),
  create: () => import("./commands/create.ts"),
  init: () => import("./commands/init.ts"),
  dev: () => import("./commands/dev.ts"),
  deploy: () => import("./commands/deploy.ts"),
  keys: () => import("./commands/live/keys.ts"),
  revoke: () => import("./commands/live/revoke.ts"),
  token: () => import("./commands/token.ts"),
  // What they need is not in the package: the running example, and what generates the schema.
  ...(!IS_PACKAGE && { demo: () => import("./commands/demo.ts"), schema: () => import("./commands/schema.ts") }),
};

/**
 * Runs one command line and returns its exit code. A command line that names no command shows the help: that is fine
 * if the user asked for help, otherwise a usage error. Any unexpected error is a bug: it is printed, and never thrown.
 */
export async function main(args: readonly string[]): Promise<ExitCode> {
  try {
    return await run(args);
  } catch (error) {
    return printInternalError(error);
  }
}

async function run(args: readonly string[]): Promise<ExitCode> {
  const words: string[] = [];
  for (const arg of args) {
    if (isHelp(arg)) return await showHelp(words, EXIT.fine);
    const known = nextWords(words);
    if (!known.includes(arg)) return refuse(arg, words, known);
    words.push(arg);
    const load = COMMANDS[words.join(" ")];
    // `explain mcp` is a command of its own.
    const isLonger = [...words, args[words.length]].join(" ") in COMMANDS;
    if (load && !isLonger) return await runCommand((await load()).default, args.slice(words.length));
  }
  return await showHelp(words, EXIT.unusable);
}

/** The words that may follow: `openapi` and `cognito` after `import`. */
function nextWords(words: readonly string[]): readonly string[] {
  const names = Object.keys(COMMANDS).map((name) => name.split(" "));
  const under = names.filter((name) => words.every((word, index) => name[index] === word));
  return [...new Set(under.flatMap((name) => name.slice(words.length, words.length + 1)))];
}

function refuse(arg: string, words: readonly string[], known: readonly string[]): ExitCode {
  const meant = closest(arg, known);
  const kind = arg.startsWith("-") ? "option" : "command";
  const help = meant === undefined ? `Known: ${known.join(", ")}.` : `Did you mean \`${meant}\`?`;
  printErrorLines([`${["scopegate", ...words].join(" ")} has no ${kind} \`${arg}\`. ${help}`]);
  return EXIT.unusable;
}

async function showHelp(words: readonly string[], exitCode: ExitCode): Promise<ExitCode> {
  const rows: (readonly string[])[] = [];
  for (const [name, load] of Object.entries(COMMANDS)) {
    const isUnder = words.length === 0 || name.startsWith(`${words.join(" ")} `);
    if (isUnder) rows.push([name, (await load()).default.summary]);
  }
  const call = [IS_PACKAGE ? "npx scopegate" : "npm run scopegate --", ...words].join(" ");
  const what = ["Scopegate: check, question and prove the policy in routes.json.", ""];
  printLines([
    ...(words.length === 0 ? what : []),
    `Usage: ${call} <command> [options]`,
    "",
    ...formatColumns(rows).map((row) => `  ${row}`),
    "",
    "Every command has --help. Exit codes: 0 fine, 1 findings, 2 usage error or unreadable input, 70 a bug of scopegate.",
  ]);
  return exitCode;
}

/** Runs the command line of this process. */
export async function runProcess(): Promise<void> {
  // A reader such as `head` may close the pipe before all output is written.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  // Errors that no caller can catch, such as one in a timer. Node would end with 1, the exit code of findings.
  process.on("uncaughtException", (error) => process.exit(printInternalError(error)));
  process.exitCode = await main(process.argv.slice(2));
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === import.meta.filename) await runProcess();
