import { readFileSync } from "node:fs";
import { compilePolicy } from "../../policy/compile/compile-policy.ts";
import type { Fault } from "../../policy/fault.ts";
import type { Policy } from "../../policy/policy.ts";
import { createLocator, type Locator } from "../../policy/source/locator.ts";
import { parseJson } from "../../policy/source/parse-json.ts";
import { InputError } from "../args/exit-code.ts";
import { isMissing, unreadableFile } from "../args/unreadable-file.ts";
import { namesCommit, parseGitName, readGitFile } from "./git-file.ts";
import { readVariables, type VariableSource } from "./read-variables.ts";

/** The policy that commands read if no option names another. */
export const DEFAULT_POLICY = "routes.json";

/** The option of every command that reads one policy. */
export const policyOption = {
  policy: {
    type: "string",
    default: DEFAULT_POLICY,
    valueHint: "file",
    description: "The policy: a file, or git:REV for the policy of a commit.",
  },
} as const;

/** The option of every command that puts the vars of one environment into a policy. */
export const environmentOption = {
  env: {
    type: "string",
    description: "Use the vars of this environment of wrangler's file; default: the top level.",
  },
} as const;

/** The text of a policy, parsed as JSON. Nothing else about it has been checked. */
export interface PolicySource {
  /** The name that the user gave: `routes.json`, `git:main`. */
  readonly name: string;
  readonly text: string;
  readonly value: unknown;
  readonly locate: Locator;
}

/** A valid policy, and the text it was compiled from. */
export interface LoadedPolicy extends PolicySource {
  readonly policy: Policy;
}

/**
 * Reads a policy from a file, or from a commit as `git:REV` (`routes.json` in the current folder) or `git:REV:PATH`.
 * Throws `InputError` when it cannot be read or is not JSON.
 */
export function readPolicySource(name: string): PolicySource {
  return parsePolicySource(name, name.startsWith("git:") ? readFromGit(name) : readFromFile(name));
}

/** Parses the text of a policy. `name` is for messages. Throws `InputError` if it is not JSON. */
export function parsePolicySource(name: string, text: string): PolicySource {
  const parsed = parseJson(text);
  if (parsed.ok) return { name, text, value: parsed.value, locate: createLocator(text) };
  const { message, hint, position } = parsed.failure;
  throw new InputError(`${name}:${position.line}:${position.column}: ${message} ${hint}`);
}

/** Reads and compiles a policy. Throws `InputError`, with all faults and their places, if it is not valid. */
export async function loadPolicy(
  name: string,
  variables: VariableSource = { from: "placeholders" },
): Promise<LoadedPolicy> {
  const source = readPolicySource(name);
  return compileSource(source, await readVariables(source, variables));
}

/** Compiles a policy. Throws `InputError`, with all faults and their places, if it is not valid with these vars. */
export function compileSource(source: PolicySource, vars: Readonly<Record<string, unknown>>): LoadedPolicy {
  const compiled = compilePolicy(source.value, vars);
  if (compiled.ok) return { ...source, policy: compiled.value };
  const inOrder = inTextOrder(source, compiled.failure);
  throw new InputError(inOrder.map((fault) => formatPlaced(source, fault)));
}

/** Sorts faults, or other items with a JSON path, by their places in the text. */
export function inTextOrder<Item extends Pick<Fault, "path">>(
  { locate }: Pick<PolicySource, "locate">,
  items: readonly Item[],
): readonly Item[] {
  return items
    .map((item) => ({ item, ...locate(item.path) }))
    .sort((a, b) => a.line - b.line || a.column - b.column)
    .map(({ item }) => item);
}

/** A fault with its place: `routes.json:12:5: What is wrong. What to do.` */
export function formatPlaced(source: Pick<PolicySource, "name" | "locate">, fault: Fault): string {
  return `${placeOf(source, fault.path)}: ${fault.message} ${fault.hint}`;
}

/** The place of a JSON path in the text: `routes.json:12:5`. */
export function placeOf({ name, locate }: Pick<PolicySource, "name" | "locate">, path: Fault["path"]): string {
  const { line, column } = locate(path);
  return `${name}:${line}:${column}`;
}

function readFromFile(name: string): string {
  try {
    return readFileSync(name, "utf8");
  } catch (error) {
    const fault = unreadableFile(name, error);
    if (!isMissing(error) || !namesCommit(name)) throw fault;
    throw new InputError(`${fault.message} For the policy of this commit, write git:${name}.`);
  }
}

function readFromGit(name: string): string {
  const file = parseGitName(name, DEFAULT_POLICY);
  if (file === undefined) throw new InputError(`${name}: Write git:REV, or git:REV:PATH for another file.`);
  const text = readGitFile(file);
  if (!text.ok) throw new InputError(`${name}: ${text.failure}`);
  return text.value;
}
