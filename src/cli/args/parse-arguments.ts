import { parseArgs } from "node:util";
import { closest } from "../../policy/suggestion.ts";
import { failure, type Result, success } from "../../result.ts";
import type { Arguments, Command, Options, Positionals } from "./command.ts";

/** A command, as far as its arguments go. */
type TakesArguments = Pick<Command, "name" | "hasScript" | "options" | "positionals">;

/**
 * Reads a command line. It fails, with one line for people, if an option is unknown, lacks its value or has a value
 * that it does not take, and if an argument is missing or one too many. It does not check what a value means: the
 * command does. No message repeats the value of an option, because it may be a secret.
 */
export function parseArguments(
  command: TakesArguments,
  args: readonly string[],
): Result<Arguments<Options, Positionals>, string> {
  const { options } = command;
  // Not strict: the messages of `parseArgs` do not say which option was meant.
  const parsed = parseArgs({ args: [...args], options, allowPositionals: true, strict: false, tokens: true });
  const mistake = firstMistake(command, args, parsed.tokens) ?? firstMissing(command, parsed);
  if (mistake !== undefined) return failure(`${command.hasScript ? "" : "scopegate "}${command.name}${mistake}`);
  const values: Record<string, unknown> = {};
  for (const [name, option] of Object.entries(options)) {
    values[name] = parsed.values[name] ?? (option.type === "boolean" ? false : option.multiple ? [] : undefined);
  }
  for (const [index, [name, it]] of Object.entries(command.positionals).entries()) {
    values[name] = it.variadic ? parsed.positionals.slice(index) : (parsed.positionals[index] ?? it.default);
  }
  return success(values as Arguments<Options, Positionals>);
}

/** A part of the command line, as `parseArgs` read it. */
type Token =
  | { readonly kind: "positional"; readonly index: number; readonly value: string }
  | { readonly kind: "option-terminator"; readonly index: number }
  | {
      readonly kind: "option";
      readonly index: number;
      readonly name: string;
      readonly rawName: string;
      readonly value: string | undefined;
      readonly inlineValue: boolean | undefined;
    };

/** The first fault of the given arguments, from the left, as a text that follows the command's name. */
function firstMistake(
  { options, positionals }: TakesArguments,
  args: readonly string[],
  tokens: readonly Token[],
): string | undefined {
  let room = Object.values(positionals).some(({ variadic }) => variadic)
    ? Number.POSITIVE_INFINITY
    : Object.keys(positionals).length;
  for (const token of tokens) {
    if (token.kind === "positional") {
      room -= 1;
      if (room < 0) return `: \`${token.value}\` is one argument too many. See --help.`;
      continue;
    }
    const isLong = token.kind === "option" && token.rawName.startsWith("--");
    const option = isLong && Object.hasOwn(options, token.name) ? options[token.name] : undefined;
    if (token.kind === "option-terminator" || option === undefined) return unknownOption(args[token.index], options);
    const { rawName, value, inlineValue } = token;
    if (option.type === "boolean") {
      if (value !== undefined) return `: ${rawName} takes no value. See --help.`;
      continue;
    }
    // An argument that looks like an option is not taken as a value: the user forgot the value.
    if (!value || (!inlineValue && value.startsWith("--"))) return `: ${rawName} needs a value. See --help.`;
    if (option.choices?.includes(value) === false) {
      return `: ${rawName} needs one of ${option.choices.join(", ")}. See --help.`;
    }
  }
  return undefined;
}

function unknownOption(arg = "", options: Options): string {
  // Without a value: it may be a secret.
  const written = arg.replace(/=.*/s, "");
  const meant = closest(written.replace(/^--?/, ""), Object.keys(options));
  return ` has no option ${written}. ${meant === undefined ? "See --help." : `Did you mean --${meant}?`}`;
}

/** The first required option or argument that is missing, as a text that follows the command's name. */
function firstMissing(
  { options, positionals }: TakesArguments,
  parsed: { readonly values: Readonly<Record<string, unknown>>; readonly positionals: readonly string[] },
): string | undefined {
  const option = Object.entries(options).find(
    ([name, it]) => it.type === "string" && it.required && parsed.values[name] === undefined,
  );
  if (option !== undefined) return `: --${option[0]} is missing. See --help.`;
  const positional = Object.entries(positionals)
    .slice(parsed.positionals.length)
    .find(([, it]) => it.required);
  return positional && `: ${positional[0].toUpperCase()} is missing. See --help.`;
}
