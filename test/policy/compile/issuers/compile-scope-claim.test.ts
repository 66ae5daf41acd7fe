import { describe, expect, it } from "vitest";
import { compileScopeClaim } from "../../../../src/policy/compile/issuers/compile-scope-claim.ts";

function compile(input: Parameters<typeof compileScopeClaim>[0]) {
  const faults: string[] = [];
  const claims = compileScopeClaim(input, ["scopeClaim"], (path, message) =>
    faults.push(`${path.join(".")} ${message}`),
  );
  return { claims, faults };
}

describe("compileScopeClaim", () => {
  it.each([
    { name: "takes scope by default", input: undefined, expected: [["scope"]] },
    { name: "takes one claim", input: "scp", expected: [["scp"]] },
    { name: "takes a list", input: ["scope", "/realm_access/roles"], expected: [["realm_access", "roles"], ["scope"]] },
    { name: "gives a list one order", input: ["b", "a"], expected: [["a"], ["b"]] },
    { name: "passes over what was reported before", input: ["a", undefined], expected: [["a"]] },
  ])("$name", ({ input, expected }) => {
    expect(compile(input)).toEqual({ claims: expected, faults: [] });
  });

  it.each([
    { name: "a broken pointer", input: "/~", faults: ["scopeClaim This is not a JSON Pointer."] },
    { name: "a broken pointer in a list", input: ["a", "/~2"], faults: ["scopeClaim.1 This is not a JSON Pointer."] },
    {
      name: "a claim that is listed twice",
      input: ["a", "/a"],
      faults: ["scopeClaim.1 This claim is already listed."],
    },
    ...["iss", "aud", "exp", "nbf", "iat", "cnf"].flatMap((name) => [
      { name, input: name, faults: [`scopeClaim The claim \`${name}\` never holds scopes.`] },
      {
        name: `a part of ${name}, in a list`,
        input: ["scope", `/${name}/a`],
        faults: [`scopeClaim.1 The claim \`${name}\` never holds scopes.`],
      },
    ]),
  ])("reports $name", ({ input, faults }) => {
    expect(compile(input).faults).toEqual(faults);
  });
});
