import { placeholders } from "../../policy/source/placeholders.ts";
import { InputError } from "../args/exit-code.ts";
import { readEnvironmentsBeside } from "./wrangler-file.ts";

/**
 * Where the values of `${NAME}` come from. `wrangler`: an environment of the wrangler file beside the policy, read by
 * wrangler itself, which takes a second. `placeholders`: distinct made-up values, for commands that only compare
 * values. A variable that wrangler's file lacks gets a placeholder as well; only `check` reports it.
 */
export interface VariableSource {
  readonly from: "wrangler" | "placeholders";
  /** Name of the environment; default: the top level. */
  readonly environment?: string | undefined;
  /** Name of another policy, whose wrangler file is read if none is beside the policy itself. */
  readonly orBeside?: string | undefined;
}

/** The text of a policy and the name it was read by. */
interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** Whether a policy contains variables, whose values are not in the file itself. */
export function hasVariables({ text }: Pick<NamedText, "text">): boolean {
  return text.includes("$" + "{");
}

/** Whether a policy seems to name bindings or secrets, which are in the wrangler file. Reading that takes a second. */
export function namesBindings({ text }: Pick<NamedText, "text">): boolean {
  return /"(?:service|via|secret|metrics|rateLimits|revocation)"/.test(text);
}

/** The values for the variables of a policy. Every variable in the text has one. */
export async function readVariables(
  source: NamedText,
  { from, environment, orBeside }: VariableSource,
): Promise<Readonly<Record<string, unknown>>> {
  const madeUp = placeholders(source.text);
  if (from === "placeholders" || (!hasVariables(source) && environment === undefined)) return madeUp;
  const environments =
    (await readEnvironmentsBeside(source.name)) ??
    (orBeside === undefined ? undefined : await readEnvironmentsBeside(orBeside));
  if (environments === undefined && environment === undefined) return madeUp;
  const found = environments?.find(({ name }) => name === (environment ?? ""));
  if (found) return { ...madeUp, ...found.vars };
  const known = (environments ?? []).map(({ name }) => name).filter((name) => name !== "");
  throw new InputError(
    `There is no environment ${environment} in wrangler's file. Known: ${known.join(", ") || "none"}.`,
  );
}
