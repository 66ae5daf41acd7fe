import { MAX_NESTED_GROUPS, MAX_POLICY_NESTING } from "../../../../limits.ts";
import type { FaultText } from "../../../../result.ts";
import type { Fault, Report } from "../../../fault.ts";

/** Names that every JavaScript object has. valibot skips them, and a member that nothing checks must not be there. */
const UNCHECKED_NAMES = new Set(["__proto__", "constructor", "prototype"]);

/**
 * Reports member names that the schema would skip, and every part that is nested too deeply. It recurses no deeper than
 * the limits that it checks.
 */
export function reportNesting(config: unknown, report: Report): void {
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
    if (isArray) {
      for (let index = 0; index < holder.length; index += 1) checkMember(index, holder[index], inside);
      return;
    }
    for (const name of Object.keys(holder)) {
      if (UNCHECKED_NAMES.has(name)) report([...path, name], "This name cannot be used.", "Choose another name.");
      else checkMember(name, (holder as Readonly<Record<string, unknown>>)[name], inside);
    }
  };
  const checkMember = (step: string | number, member: unknown, groups: number): void => {
    if (typeof member !== "object" || member === null) return;
    path.push(step);
    check(member, groups);
    path.pop();
  };
  if (typeof config === "object" && config !== null) check(config, 0);
}

const TOO_MANY_GROUPS: FaultText = {
  message: `This group is inside ${MAX_NESTED_GROUPS} others. At most ${MAX_NESTED_GROUPS} groups can be nested.`,
  hint: "Flatten them: an `anyOf` directly inside an `anyOf` is one `anyOf`, and an `allOf` directly inside an `allOf` is one `allOf`.",
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
