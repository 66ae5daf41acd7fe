import { describe, expect, it } from "vitest";
import { InputError } from "../../../src/cli/args/exit-code.ts";
import { readPolicySource } from "../../../src/cli/policy-file/policy-source.ts";
import { scopegate } from "../../support/cli/run-scopegate.ts";

const MISSING = "There is no such file.";

describe("a policy that is no file", () => {
  it.each([
    { name: "HEAD", says: `HEAD: ${MISSING} For the policy of this commit, write git:HEAD.` },
    { name: "HEAD~0", says: `HEAD~0: ${MISSING} For the policy of this commit, write git:HEAD~0.` },
    {
      name: "HEAD:policies/shop.json",
      says: `HEAD:policies/shop.json: ${MISSING} For the policy of this commit, write git:HEAD:policies/shop.json.`,
    },
    { name: "no-such.json", says: `no-such.json: ${MISSING}` },
    { name: "no/such/revision", says: `no/such/revision: ${MISSING}` },
    { name: "src", says: "src: The file cannot be read." },
  ])("is an error that tells the form of a commit, if git knows one: $name", ({ name, says }) => {
    expect(() => readPolicySource(name)).toThrow(new InputError(says));
  });

  it.each([
    ["matrix", "--policy", "HEAD"],
    ["diff", "HEAD", "routes.json"],
  ])("is one of %s, with exit code 2", async (...args) => {
    const { exitCode, stderr } = await scopegate(...args);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("write git:HEAD.")]);
  });
});
