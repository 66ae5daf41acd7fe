import { MAX_NESTED_GROUPS, MAX_POLICY_NESTING } from "../../limits.ts";
import type { FaultText } from "../../result.ts";
import type { Fault, Report } from "../fault.ts";
import type { PolicyConfig } from "./schema/config-schema.ts";
import { reportControlCharacters } from "./schema/report-control-characters.ts";
import { reportShapeFaults } from "./schema/report-shape-faults.ts";
import { substituteVariables } from "./substitute-variables.ts";

/**
 * `T` without its faulty parts, which are `undefined`. A member that is there with the value `undefined` is faulty or
 * missing, and its fault is already reported: skip it without another report. A member that is not there at all was not
 * in the file.
 */
export type Salvaged<T> = T extends readonly (infer Item)[]
  ? readonly (Salvaged<Item> | undefined)[]
  : T extends object
    ? { readonly [Name in keyof T]?: Salvaged<T[Name]> | undefined }
    : T;

/**
 * The first half of compiling: replaces variables, checks the shape and reports every fault. Does not check how
 * two parts of the file relate to each other.
 *
 * @param config the parsed file, any JSON value
 * @returns the parts without a fault; `undefined`: there are none
 */
export function validatePolicyConfig(
  config: unknown,
  vars: Readonly<Record<string, unknown>>,
  report: Report,
): Salvaged<PolicyConfig> | undefined {
  const faulty = new FaultyParts();
  const reportOnce: Report = (path, message, hint) => {
    // One part has one fault: a string with a missing variable is not also reported for its shape.
    if (faulty.has(path)) return;
    faulty.add(path);
    report(path, message, hint);
  };
  checkNesting(config, reportOnce);
  // From here on, recursive functions may read the config: what is nested too deeply is cut off.
  const filled = fillIn(faulty.removeFrom(config), vars, reportOnce);
  reportShapeFaults(filled, reportOnce);
  reportControlCharacters(filled, reportOnce);
  // The schema transforms nothing, so what is left of the config has its shape.
  return faulty.removeFrom(filled) as Salvaged<PolicyConfig> | undefined;
}

/** Names that every JavaScript object has. valibot skips them, and a member that nothing checks must not be there. */
const UNCHECKED_NAMES = new Set(["__proto__", "constructor", "prototype"]);

/**
 * Reports member names that the schema would skip, and every part that is nested too deeply. It recurses no deeper than
 * the limits that it checks.
 */
function checkNesting(config: unknown, report: Report): void {
  const path: (string | number)[] = [];
  /** `path` is that of `holder`; `groups` counts the groups of a requirement around it. */
  const check = (holder: object, groups: number): void => {
    const isArray = Array.isArray(holder);
    const inside = isGroup(path, isArray) ? groups + 1 : groups;
    if (inside > MAX_NESTED_GROUPS || path.length > MAX_POLICY_NESTING) {
      const { message, hint } = inside > MAX_NESTED_GROUPS ? TOO_MANY_GROUPS : TOO_DEEP;
      report([...path], message, hint);
      return;
    }
    for (const name of Object.keys(holder)) {
      const member = (holder as Readonly<Record<string, unknown>>)[name];
      const isHolder = typeof member === "object" && member !== null;
      const isUnchecked = !isArray && UNCHECKED_NAMES.has(name);
      if (!isHolder && !isUnchecked) continue;
      path.push(isArray ? Number(name) : name);
      if (isUnchecked) report([...path], "This name cannot be used.", "Choose another name.");
      else if (isHolder) check(member, inside);
      path.pop();
    }
  };
  if (typeof config === "object" && config !== null) check(config, 0);
}

const TOO_MANY_GROUPS: FaultText = {
  message: `This group is inside ${MAX_NESTED_GROUPS} others. No more than ${MAX_NESTED_GROUPS} groups can be nested.`,
  hint: "Flatten them: an `anyOf` directly inside an `anyOf` is one `anyOf`, and so it is with `allOf`.",
};
const TOO_DEEP: FaultText = {
  message: `This is nested more than ${MAX_POLICY_NESTING} levels deep.`,
  hint: "Remove brackets: nothing in the file needs so many levels.",
};

/** Whether an object or array is a group of a requirement: an object anywhere in it, or its outermost list. */
function isGroup(path: Fault["path"], isArray: boolean): boolean {
  const [part, , member] = path;
  const isRequirement = (part === "routes" && member === "scopes") || (part === "guarantees" && member === "requires");
  return isRequirement && (path.length === 3 || !isArray);
}

/** Everything else is compiled when the Worker is built, before its vars are known. */
const MAY_CONTAIN_VARIABLES: ReadonlySet<string> = new Set<keyof PolicyConfig>([
  "hosts",
  "issuers",
  "publicUrl",
  "upstreams",
]);

function fillIn(config: unknown, vars: Readonly<Record<string, unknown>>, report: Report): unknown {
  if (typeof config !== "object" || config === null || Array.isArray(config)) return config;
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => [
      name,
      MAY_CONTAIN_VARIABLES.has(name) ? substituteVariables(value, vars, [name], report) : value,
    ]),
  );
}

/**
 * The parts of a config that have a fault, as a tree of the steps of their paths. No path is much longer than
 * `MAX_POLICY_NESTING`.
 */
class FaultyParts {
  readonly #below = new Map<string | number, FaultyParts>();
  #itself = false;

  add(path: Fault["path"]): void {
    let node: FaultyParts = this;
    for (const step of path) {
      const next = node.#below.get(step) ?? new FaultyParts();
      node.#below.set(step, next);
      node = next;
    }
    node.#itself = true;
  }

  /** Whether the part, or a part around it, has a fault. */
  has(path: Fault["path"]): boolean {
    let node: FaultyParts | undefined = this;
    for (const step of path) {
      if (node === undefined || node.#itself) break;
      node = node.#below.get(step);
    }
    return node ? node.#itself : false;
  }

  /** A copy in which each faulty part is `undefined`. */
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
