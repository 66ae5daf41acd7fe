import * as v from "valibot";
import { MAX_POLICY_NESTING } from "../../../limits.ts";
import type { Fault, Report } from "../../fault.ts";
import { substituteVariables } from "../variables.ts";
import { type PolicyConfig, policyConfigSchema } from "./config-schema.ts";
import { reportIssues } from "./schema-faults.ts";

/**
 * `T` without its faulty parts. A member that is `undefined` is faulty or missing, and its fault is reported already,
 * so whoever meets one passes on in silence; one that is not there at all was not in the file.
 */
export type Salvaged<T> = T extends readonly (infer Item)[]
  ? readonly (Salvaged<Item> | undefined)[]
  : T extends object
    ? { readonly [Name in keyof T]?: Salvaged<T[Name]> | undefined }
    : T;

/**
 * The first half of compiling: replaces variables and checks the shape, reporting every fault, and gives what is left
 * to look at. `undefined`: nothing is.
 */
export function validatePolicyConfig(
  file: unknown,
  vars: Readonly<Record<string, unknown>>,
  report: Report,
): Salvaged<PolicyConfig> | undefined {
  const faulty = new Faulty();
  const mark: Report = (path, message, hint) => {
    // One fault for one part: a string with a missing variable is not also reported for what it lacks without it.
    if (faulty.has(path)) return;
    faulty.add(path);
    report(path, message, hint);
  };
  if (!guard(file, mark)) return undefined;
  const filled = fillIn(file, vars, mark);
  const result = v.safeParse(policyConfigSchema, filled);
  if (result.issues) reportIssues(result.issues, mark);
  // The schema transforms nothing, so the file itself without its faulty parts is as good as what valibot made of it.
  return faulty.removeFrom(filled) as Salvaged<PolicyConfig> | undefined;
}

/** Member names that are JavaScript's own. valibot passes over them, and what is not checked must not be there. */
const UNCHECKED_NAMES = new Set(["__proto__", "constructor", "prototype"]);

/** Reports names that no later step would see; `false` if the file is nested too deeply for recursive ones. */
function guard(file: unknown, report: Report): boolean {
  const path: (string | number)[] = [];
  /** `path` is where `holder` stands. */
  const isShallow = (holder: object): boolean => {
    if (path.length > MAX_POLICY_NESTING) return false;
    const isArray = Array.isArray(holder);
    for (const name of Object.keys(holder)) {
      const member = (holder as Readonly<Record<string, unknown>>)[name];
      const isHolder = typeof member === "object" && member !== null;
      const isUnchecked = !isArray && UNCHECKED_NAMES.has(name);
      if (!isHolder && !isUnchecked) continue;
      path.push(isArray ? Number(name) : name);
      if (isUnchecked) report([...path], "This name cannot be used.", "Choose another.");
      else if (isHolder && !isShallow(member)) return false;
      path.pop();
    }
    return true;
  };
  if (typeof file !== "object" || file === null || isShallow(file)) return true;
  report(
    [],
    `The file is nested more than ${MAX_POLICY_NESTING} levels deep.`,
    "Write requirements with fewer groups.",
  );
  return false;
}

function fillIn(file: unknown, vars: Readonly<Record<string, unknown>>, report: Report): unknown {
  if (typeof file !== "object" || file === null || Array.isArray(file)) return file;
  return Object.fromEntries(
    Object.entries(file).map(([name, value]) => [
      name,
      name === "issuers" || name === "upstreams" ? substituteVariables(value, vars, [name], report) : value,
    ]),
  );
}

/** Which parts of a file are faulty: a tree of the paths' steps. */
class Faulty {
  readonly #below = new Map<string | number, Faulty>();
  #itself = false;

  add(path: Fault["path"]): void {
    let node: Faulty = this;
    for (const step of path) {
      const next = node.#below.get(step) ?? new Faulty();
      node.#below.set(step, next);
      node = next;
    }
    node.#itself = true;
  }

  /** Whether the part itself or one that holds it is faulty. */
  has(path: Fault["path"]): boolean {
    let node: Faulty | undefined = this;
    for (const step of path) {
      if (node === undefined || node.#itself) break;
      node = node.#below.get(step);
    }
    return node ? node.#itself : false;
  }

  removeFrom(value: unknown): unknown {
    if (this.#itself) return undefined;
    if (this.#below.size === 0 || typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) {
      return value.map((item, index) => {
        const faulty = this.#below.get(index);
        return faulty ? faulty.removeFrom(item) : item;
      });
    }
    const kept = new Map(Object.entries(value));
    for (const [name, faulty] of this.#below) kept.set(String(name), faulty.removeFrom(kept.get(String(name))));
    return Object.fromEntries(kept);
  }
}
