import * as v from "valibot";
import { chosenByMember, closed } from "./closed.ts";
import { about, listOf, text } from "./values.ts";

const parameterCondition = closed({
  param: v.pipe(text, v.description("A parameter of the path: `userId` for `/users/:userId`.")),
  equals: v.pipe(
    text,
    v.description(
      "The claim that must equal the decoded parameter, byte for byte: a name, or a JSON Pointer (RFC 6901).",
    ),
  ),
});
const claimCondition = closed({
  claim: v.pipe(text, v.description("A claim of the token: its name, or a JSON Pointer (RFC 6901).")),
  in: v.pipe(listOf(text), v.description("The claim must be one of these strings, or an array with one of them.")),
});

/** A path parameter or a claim meets it. The scopes of the token do not matter. */
export type RequiredCondition = v.InferOutput<typeof parameterCondition> | v.InferOutput<typeof claimCondition>;
/** A required scope, a condition, or a nested group. In a name, `*` matches any characters of a declared name. */
export type RequiredScope = string | RequiredCondition | ScopeGroup;
/** Has exactly one of the two members. */
export interface ScopeGroup {
  anyOf?: RequiredScope[];
  allOf?: RequiredScope[];
}

/** One item of a list of required scopes. */
export const requiredScope: v.GenericSchema<RequiredScope> = chosenByMember(
  v.union([text, parameterCondition, claimCondition, v.lazy(() => scopeGroup)]),
  [
    [["param", "equals"], parameterCondition],
    [["claim", "in"], claimCondition],
  ],
  v.union([text, v.lazy(() => scopeGroup)]),
);
/** Exported because it is recursive: the JSON Schema refers to it by name. */
export const scopeGroup: v.GenericSchema<ScopeGroup> = v.pipe(
  closed({
    anyOf: about(listOf(requiredScope), "The caller needs at least one of these."),
    allOf: about(listOf(requiredScope), "The caller needs all of these."),
  }),
  v.entries(1),
);
