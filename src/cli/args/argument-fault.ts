import type { ArgsDef } from "citty";
import { closest } from "../../policy/suggestion.ts";

/** A command, as far as its arguments go. */
export interface TakesArguments {
  /** How a complaint names it: `scopegate check`. */
  readonly name: string;
  readonly args: ArgsDef;
  /** Whether it takes any number of arguments beyond its positional ones. */
  readonly isVariadic?: boolean;
}

/**
 * What is wrong with a command line, in one line for people; `undefined`: nothing that citty would let pass, or name
 * without saying where help is. That is: options that the command does not have, that lack their value or that are
 * missing, and too many arguments or too few. The values themselves are not looked at.
 */
export function argumentFault(rawArgs: readonly string[], command: TakesArguments): string | undefined {
  const { name, args } = command;
  const positional = Object.entries(args).filter(([, { type }]) => type === "positional");
  const room = command.isVariadic ? Number.POSITIVE_INFINITY : positional.length;
  const given = new Set<string>();
  let taken = 0;
  for (let index = 0; index < rawArgs.length; index++) {
    const arg = rawArgs[index] ?? "";
    const [, option, value] = /^--?([^=]+)(?:=(.*))?$/s.exec(arg) ?? [];
    if (option === undefined) {
      taken += 1;
      if (taken > room) return `${name}: \`${arg}\` is one argument too many. See --help.`;
      continue;
    }
    const definition = Object.hasOwn(args, option) && arg.startsWith("--") ? args[option] : undefined;
    if (definition === undefined || definition.type === "positional") return unknownOption(arg, option, command);
    given.add(option);
    if (definition.type === "boolean") continue;
    const following = value ?? rawArgs[++index];
    // What looks like the next option is no value: a forgotten one would swallow it.
    if (following === undefined || following === "" || (value === undefined && following.startsWith("--"))) {
      return `${name}: --${option} needs a value. See --help.`;
    }
  }
  for (const [option, { type, required }] of Object.entries(args)) {
    if (required && type !== "positional" && !given.has(option)) return `${name}: --${option} is missing. See --help.`;
  }
  const missing = positional.slice(taken).find(([, it]) => it.required !== false && it.default === undefined);
  return missing && `${name}: ${missing[0].toUpperCase()} is missing. See --help.`;
}

function unknownOption(arg: string, option: string, { name, args }: TakesArguments): string {
  const options = Object.keys(args).filter((it) => args[it]?.type !== "positional");
  const meant = closest(option, options);
  // Without a value: it may be a secret.
  const written = arg.replace(/=.*/s, "");
  return `${name} has no option ${written}. ${meant === undefined ? "See --help." : `Did you mean --${meant}?`}`;
}
