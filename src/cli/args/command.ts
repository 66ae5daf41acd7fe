import { IS_PACKAGE } from "../../installation.ts";
import type { ExitCode } from "./exit-code.ts";

/** An option that takes no value: `false` where it is not given. */
export interface Flag {
  readonly type: "boolean";
  readonly description: string;
}

/** An option with one value; if it is repeated, the last one counts. */
export interface TextOption {
  readonly type: "string";
  readonly description: string;
  /** What stands for the value in the help; default: the option's name. */
  readonly valueHint?: string;
  /** The only values that it takes. */
  readonly choices?: readonly string[];
  readonly default?: string;
  readonly required?: true;
  readonly multiple?: never;
}

/** An option that may be repeated. Its value is the list of all values, which is empty where it is not given. */
export interface ListOption extends Omit<TextOption, "default" | "multiple"> {
  readonly multiple: true;
}

/** An option of a command. */
export type Option = Flag | TextOption | ListOption;

/** An argument that is told by its position. */
export interface TextPositional {
  readonly description: string;
  readonly default?: string;
  readonly required?: true;
  readonly variadic?: never;
}

/** The last positional, where any number of arguments may follow. Its value is their list. */
export interface ListPositional {
  readonly description: string;
  /** There must be one at least. */
  readonly required?: true;
  readonly variadic: true;
}

/** A positional argument of a command. */
export type Positional = TextPositional | ListPositional;

/** The options of a command by their names, without the hyphens. */
export interface Options {
  readonly [name: string]: Option;
}

/** The positionals of a command by their names, in their order. */
export interface Positionals {
  readonly [name: string]: Positional;
}

type Optional<Declared> = Declared extends { readonly required: true } | { readonly default: string }
  ? never
  : undefined;

type OptionValue<Declared> = Declared extends { readonly type: "boolean" }
  ? boolean
  : Declared extends { readonly multiple: true }
    ? readonly string[]
    : Declared extends { readonly choices: readonly (infer Choice)[] }
      ? Choice | Optional<Declared>
      : string | Optional<Declared>;

type PositionalValue<Declared> = Declared extends { readonly variadic: true }
  ? readonly string[]
  : string | Optional<Declared>;

/** The values of a command's options and positionals, by name. */
export type Arguments<O extends Options, P extends Positionals> = {
  readonly [Name in keyof O | keyof P]: Name extends keyof O
    ? OptionValue<O[Name]>
    : Name extends keyof P
      ? PositionalValue<P[Name]>
      : never;
};

/** One command: what `--help` says of it, what it takes, and what it does. */
export interface Command<O extends Options = Options, P extends Positionals = Positionals> {
  /** The words after `scopegate`: `import openapi`. */
  readonly name: string;
  /** What it does, in one line, with what makes its exit code 1. */
  readonly summary: string;
  readonly options: O;
  readonly positionals: P;
  /**
   * Arguments for `--help`, without what is in front of them. One that begins with `#` is a remark on the one before.
   */
  readonly examples: readonly string[];
  /** Whether package.json has a script of its name, which the help and the error messages then name. */
  readonly hasScript?: true;
  /**
   * Does the work and writes the result to stdout. Throws `UsageError`, `InputError` or `CommandError` for what the
   * user can put right; any other error is a bug.
   */
  run(args: Arguments<O, P>): ExitCode | Promise<ExitCode>;
}

/** Returns the command. It exists for the types: `run` gets each value with the type that was declared. */
export function defineCommand<const O extends Options, const P extends Positionals>(
  command: Command<O, P>,
): Command<O, P> {
  return command;
}

/** How a command is run: `npm run scopegate -- check`, `npm run token --`, or in a project `npx scopegate check`. */
export function callOf({ name, hasScript }: Pick<Command, "name" | "hasScript">): string {
  if (IS_PACKAGE) return `npx scopegate ${name}`;
  return hasScript ? `npm run ${name} --` : `npm run scopegate -- ${name}`;
}
