import { isObject } from "../../../json/json-object.ts";
import { type FaultText, fault, type Result, success } from "../../../result.ts";
import { InputError } from "../../args/exit-code.ts";
import type { Security, SecurityAlternative } from "./api-document.ts";
import type { DocumentFiles, Placed } from "./document-files.ts";
import { TAGGED_VALUE } from "./parse-text.ts";

/**
 * Reads a `security` member (OpenAPI 3.1 4.8.30). References in it are followed. Fails if a part of it cannot be known:
 * a reference that leads nowhere, a YAML tag, an intrinsic function such as `Fn::If`.
 *
 * @param spend called with the number of values that were read
 * @throws InputError it is not a list of objects, whose members are lists of strings. It must not count as "anyone
 * may".
 */
export function readSecurity(
  placed: Placed,
  place: string,
  files: DocumentFiles,
  spend: (values: number) => void,
): Result<Security, FaultText> {
  if (placed.value === undefined) return success(undefined);
  const list = known(placed, files);
  if (!list.ok) return list;
  const { value, file } = list.value;
  if (!Array.isArray(value)) throw new InputError(`${place} is not a list of objects.`);
  const alternatives: SecurityAlternative[] = [];
  for (const item of value) {
    const alternative = known({ value: item, file }, files);
    if (!alternative.ok) return alternative;
    if (!isObject(alternative.value.value)) throw new InputError(`${place} is not a list of objects.`);
    const schemes = new Map<string, readonly string[]>();
    for (const [name, needed] of Object.entries(alternative.value.value)) {
      const scopes = readScopes({ value: needed, file: alternative.value.file }, place, files);
      if (!scopes.ok) return scopes;
      schemes.set(name, scopes.value);
      spend(1 + scopes.value.length);
    }
    spend(1);
    alternatives.push(schemes);
  }
  return success(alternatives);
}

function readScopes(placed: Placed, place: string, files: DocumentFiles): Result<readonly string[], FaultText> {
  const list = known(placed, files);
  if (!list.ok) return list;
  const { value, file } = list.value;
  if (!Array.isArray(value)) throw new InputError(`${place} has scopes that are not a list of strings.`);
  const scopes: string[] = [];
  for (const item of value) {
    const scope = known({ value: item, file }, files);
    if (!scope.ok) return scope;
    if (typeof scope.value.value !== "string") {
      throw new InputError(`${place} has scopes that are not a list of strings.`);
    }
    scopes.push(scope.value.value);
  }
  return success(scopes);
}

/** Follows references to a value. Fails if the value depends on something outside the document. */
function known(placed: Placed, files: DocumentFiles): Result<Placed, FaultText> {
  const found = files.follow(placed);
  const unknown = found.ok ? unknownPart(found.value.value) : undefined;
  return unknown ?? found;
}

/** Why nobody can tell what a value is; `undefined` if it is what it says. Looks at the value itself, not into it. */
export function unknownPart(value: unknown): ReturnType<typeof fault> | undefined {
  if (value === TAGGED_VALUE) return fault("A part of it has a YAML tag, such as `!Ref`.", "Write the value itself.");
  const computed = isObject(value) ? Object.keys(value).find((name) => INTRINSIC.test(name)) : undefined;
  if (computed === undefined) return undefined;
  return fault(`A part of it is computed by \`${computed}\`.`, "Write the value itself.");
}

/**
 * A function of CloudFormation, a merge key that no reader has merged, and other ways to bring in a value, such as
 * `$dynamicRef`, `$include` and `allOf`. OpenAPI knows none of them here.
 */
const INTRINSIC = /^(?:Fn::.*|Ref|<<|\$(?!ref$).*|allOf|anyOf|oneOf)$/;
