import { findSiblings } from "../siblings/find-siblings.ts";
import type { Rule } from "./rule.ts";

/** Policies whose patterns overlap so much that `looserSibling` did not look at every path below a `*`. */
export const undecidedSibling: Rule = (policy) => {
  if (findSiblings(policy).isComplete) return [];
  return [
    {
      route: undefined,
      path: ["routes"],
      message: "Other patterns match too many of the paths below a `*`, so `looser-sibling` may miss some routes.",
      hint: "Replace `:name` or `*` in the first segment of these patterns by literals.",
    },
  ];
};
