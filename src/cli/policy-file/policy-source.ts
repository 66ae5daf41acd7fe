import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { compilePolicy } from "../../policy/compile/compile-policy.ts";
import type { Fault } from "../../policy/fault.ts";
import type { Policy } from "../../policy/policy.ts";
import { createLocator, type Locator } from "../../policy/source/locator.ts";
import { parsePolicyFile } from "../../policy/source/parse-json.ts";
import { InputError } from "../args/exit-code.ts";
import type { WranglerEnvironment } from "./wrangler-vars.ts";

/** The policy that commands look at unless they are told of another. */
export const DEFAULT_POLICY = "routes.json";

/** The option of every command that reads one policy. */
export const policyOption = {
  policy: {
    type: "string",
    default: DEFAULT_POLICY,
    valueHint: "file",
    description: "The policy: a file, or git:REV for that of a commit.",
  },
} as const;

/** The text of a policy, parsed as JSON; nothing else about it is checked yet. */
export interface PolicySource {
  /** As the user named it: `routes.json`, `git:main`. */
  readonly name: string;
  readonly text: string;
  readonly value: unknown;
  readonly locate: Locator;
}

/** A policy that may serve, and the text it was compiled from. */
export interface LoadedPolicy extends PolicySource {
  readonly policy: Policy;
}

/**
 * Where the values of `${NAME}` come from. `wrangler`: an environment of the `wrangler.toml` beside the file, read by
 * wrangler itself, which takes a second. `placeholders`: distinct stand-ins, for commands that only need to tell values
 * apart. What wrangler's file lacks has a placeholder as well: only `check` minds.
 */
export interface VariableSource {
  readonly from: "wrangler" | "placeholders";
  /** Name of the environment; default: the top level. */
  readonly environment?: string | undefined;
}

/**
 * Reads a policy from a file, or from a commit as `git:REV` (`routes.json` in the current folder) or `git:REV:PATH`.
 * Throws `InputError` when it cannot be read or is not JSON.
 */
export function readPolicySource(name: string): PolicySource {
  const text = name.startsWith("git:") ? readFromGit(name) : readFromFile(name);
  const parsed = parsePolicyFile(text);
  if ("value" in parsed) return { name, text, value: parsed.value, locate: createLocator(text) };
  const { message, hint, position } = parsed.fault;
  throw new InputError(`${name}:${position.line}:${position.column}: ${message} ${hint}`);
}

/** Reads and compiles a policy. Throws `InputError`, with all the faults, when it is not one that may serve. */
export async function loadPolicy(
  name: string,
  variables: VariableSource = { from: "placeholders" },
): Promise<LoadedPolicy> {
  const source = readPolicySource(name);
  const compiled = compilePolicy(source.value, await readVariables(source, variables));
  if (compiled.ok) return { ...source, policy: compiled.value };
  const inOrder = inTextOrder(source, compiled.failure);
  throw new InputError(inOrder.map((fault) => formatPlaced(source, fault)).join("\n"));
}

/** Faults, or what else has a path, in the order of their places in the text. */
export function inTextOrder<Item extends Pick<Fault, "path">>(
  { locate }: Pick<PolicySource, "locate">,
  items: readonly Item[],
): readonly Item[] {
  return items
    .map((item) => ({ item, ...locate(item.path) }))
    .sort((a, b) => a.line - b.line || a.column - b.column)
    .map(({ item }) => item);
}

/** `routes.json:12:5: What is wrong. What to do.` */
export function formatPlaced(source: Pick<PolicySource, "name" | "locate">, fault: Fault): string {
  return `${placeOf(source, fault.path)}: ${fault.message} ${fault.hint}`;
}

/** `routes.json:12:5` */
export function placeOf({ name, locate }: Pick<PolicySource, "name" | "locate">, path: Fault["path"]): string {
  const { line, column } = locate(path);
  return `${name}:${line}:${column}`;
}

/** Whether values from outside the file play a part in it. */
export function hasVariables({ text }: Pick<PolicySource, "text">): boolean {
  return text.includes("$" + "{");
}

/** Every environment of the wrangler configuration beside the policy; `undefined`: there is none. */
export async function readEnvironmentsBeside(name: string): Promise<readonly WranglerEnvironment[] | undefined> {
  const folder = name.startsWith("git:") ? "." : dirname(name);
  const config = ["wrangler.jsonc", "wrangler.json", "wrangler.toml"]
    .map((file) => join(folder, file))
    .find((file) => existsSync(file));
  if (config === undefined) return undefined;
  // Loaded only here: it takes longer than all the rest together.
  const { readEnvironments } = await import("./wrangler-vars.ts");
  try {
    return readEnvironments(config);
  } catch (error) {
    throw new InputError(`${config}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The values for a policy's `${NAME}`; every name in it has one. */
export async function readVariables(
  source: Pick<PolicySource, "name" | "text">,
  { from, environment }: VariableSource,
): Promise<Readonly<Record<string, unknown>>> {
  const stand = placeholders(source.text);
  if (from === "placeholders" || (!hasVariables(source) && environment === undefined)) return stand;
  const environments = await readEnvironmentsBeside(source.name);
  if (environments === undefined && environment === undefined) return stand;
  const found = environments?.find(({ name }) => name === (environment ?? ""));
  if (found) return { ...stand, ...found.vars };
  const known = (environments ?? []).map(({ name }) => name).filter((name) => name !== "");
  throw new InputError(
    `There is no environment ${environment} in wrangler's file. Known: ${known.join(", ") || "none"}.`,
  );
}

/** A value of its own for every variable: an https URL for what begins a string, else a plain name. */
export function placeholders(text: string): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const [, quote, name = ""] of text.matchAll(/(")?\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g)) {
    const plain = name.toLowerCase().replaceAll("_", "-");
    if (quote !== undefined) values[name] = `https://${plain}.invalid`;
    else values[name] ??= plain;
  }
  return values;
}

function readFromFile(name: string): string {
  try {
    return readFileSync(name, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    throw new InputError(`${name}: ${code === "ENOENT" ? "There is no such file." : "The file cannot be read."}`);
  }
}

function readFromGit(name: string): string {
  const [, revision = "", path = DEFAULT_POLICY] = /^git:([^:]+)(?::(.+))?$/.exec(name) ?? [];
  if (revision === "") throw new InputError(`${name}: Write git:REV, or git:REV:PATH for another file.`);
  // A path without a folder is that of the current folder, not that of the repository's root.
  const object = `${revision}:./${path.replace(/^\.\//, "")}`;
  try {
    return execFileSync("git", ["show", "--end-of-options", object], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      maxBuffer: 256 * 1024 * 1024,
    });
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim().split("\n")[0] : "";
    throw new InputError(`${name}: ${said || "git cannot be run here."}`);
  }
}
