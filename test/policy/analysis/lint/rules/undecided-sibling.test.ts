import { expect, it } from "vitest";
import { undecidedSibling } from "../../../../../src/policy/analysis/lint/rules/undecided-sibling.ts";
import { findSiblings } from "../../../../../src/policy/analysis/lint/siblings/find-siblings.ts";
import { COLLECTION } from "../../../../support/policy/lints.ts";
import { compiled, policyFileWith } from "../../../../support/policy/policy-file.ts";

const policy = () => compiled(policyFileWith({ routes: ["/s/*", "/:any/a"].map((path) => ({ ...COLLECTION, path })) }));

it("is none if every path was looked at", () => {
  expect(undecidedSibling(policy())).toEqual([]);
});

it("is about no route if the search was cut short", () => {
  const cut = policy();
  // The search is remembered with its result.
  findSiblings(cut, 0);
  expect(undecidedSibling(cut)).toMatchObject([{ route: undefined, path: ["routes"] }]);
});
