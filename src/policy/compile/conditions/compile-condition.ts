import type { Fault, Report } from "../../fault.ts";
import type { ClaimCondition, ClaimPath, ParameterCondition } from "../../policy.ts";
import { claimAtom, parameterAtom } from "../../requirements/conditions.ts";
import { nameHint } from "../../suggestion.ts";

/**
 * The condition on a claim, or `undefined` if no value is left without a fault. A value that is listed twice counts
 * once.
 *
 * @param listed `undefined` where a value, or the list, is faulty
 */
export function claimConditionOf(
  claim: ClaimPath,
  listed: readonly (string | undefined)[] | undefined,
): ClaimCondition | undefined {
  const values = [...new Set(listed?.filter((value) => value !== undefined))];
  if (values.length === 0) return undefined;
  return { kind: "claim", claim, in: values, atoms: values.map((value) => claimAtom(claim, value)) };
}

/**
 * The condition on a parameter of a route, or `undefined` once a fault is reported.
 *
 * @param parameters the places of the route's parameters in its path; `undefined`: the path is faulty
 * @param path that of the parameter's name
 */
export function parameterOf(
  name: string,
  equals: ClaimPath,
  parameters: ReadonlyMap<string, number> | undefined,
  path: Fault["path"],
  report: Report,
): ParameterCondition | undefined {
  const segment = parameters?.get(name);
  if (segment !== undefined) {
    return { kind: "parameter", name, segment, equals, atom: parameterAtom(segment, equals) };
  }
  if (parameters === undefined) return undefined;
  const bare = name.replace(/^:/, "");
  if (name === "*") {
    // It may take several segments, and which of them would have to be equal?
    report(path, "A `*` cannot be compared with a claim.", "Name the segment in the path, such as `/:userId/*`.");
  } else if (parameters.has(bare)) {
    report(path, "The name begins with a colon.", `Write \`${bare}\`.`);
  } else {
    const hint =
      parameters.size === 0 ? `Name a segment \`:${bare}\` in the path.` : nameHint(name, [...parameters.keys()]);
    report(path, `The path has no parameter \`${name}\`.`, hint);
  }
  return undefined;
}
