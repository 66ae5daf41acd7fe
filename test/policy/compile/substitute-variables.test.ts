// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the variables of the file under test.

import { describe, expect, test } from "vitest";
import { substituteVariables } from "../../../src/policy/compile/substitute-variables.ts";
import type { Fault } from "../../../src/policy/fault.ts";
import { compiled, faultsOf, policyFileWith } from "../../support/policy/policy-file.ts";

const vars = { HOST: "api.example", A: "${HOST}", _1: "under", NUMBER: 3, JWKS: {}, EMPTY: "" };

function substitute(value: unknown) {
  const faults: Pick<Fault, "path" | "message">[] = [];
  const result = substituteVariables(value, vars, ["upstreams"], (path, message, hint) => {
    expect(hint).not.toBe("");
    faults.push({ path, message });
  });
  return { result, faults };
}

describe("a variable is replaced", () => {
  test.each([
    { name: "in a string", input: "https://${HOST}/v1", expected: "https://api.example/v1" },
    { name: "more than once", input: "${HOST},${_1},${HOST}", expected: "api.example,under,api.example" },
    { name: "at any depth", input: { a: [{ b: "${HOST}" }] }, expected: { a: [{ b: "api.example" }] } },
    { name: "by nothing, if that leaves something", input: "${EMPTY}/v1", expected: "/v1" },
    { name: "but not in a name", input: { "${HOST}": 1 }, expected: { "${HOST}": 1 } },
    { name: "but not in what was put in", input: "${A}", expected: "${HOST}" },
    { name: "and dollar signs and braces alone stay", input: "$HOST {HOST} $ {}", expected: "$HOST {HOST} $ {}" },
    { name: "and other values stay", input: [1, true, null], expected: [1, true, null] },
  ])("$name", ({ input, expected }) => {
    expect(substitute(input)).toEqual({ result: expected, faults: [] });
  });
});

test("the grants of an issuer stay as they are, and nothing else of it does", () => {
  const config = { main: { issuer: "https://${HOST}", grants: { "${HOST}": { "${HOST}": ["${HOST}", "${NONE}"] } } } };
  const report = () => expect.unreachable();
  expect(substituteVariables(config, vars, ["issuers"], report)).toEqual({
    main: { issuer: "https://api.example", grants: config.main.grants },
  });
});

describe("what is not a variable is reported, once for a string, and gives none", () => {
  test.each([
    { name: "one that is not set", input: ["${NONE}"], expected: "The variable `NONE` is not set." },
    { name: "one that is not a string", input: ["${NUMBER}"], expected: "The variable `NUMBER` is not set." },
    { name: "a binding", input: ["${JWKS}"], expected: "The variable `JWKS` is not set." },
    { name: "a name that every object has", input: ["${toString}"], expected: "The variable `toString` is not set." },
    { name: "no name", input: ["${}"], expected: "`${}` is not a variable." },
    { name: "a name with a hyphen", input: ["${MY-HOST}"], expected: "`${MY-HOST}` is not a variable." },
    { name: "two of them", input: ["${}${NONE}"], expected: "`${}` is not a variable." },
    { name: "one that leaves nothing", input: ["${EMPTY}${EMPTY}"], expected: "`${EMPTY}${EMPTY}` is empty." },
    { name: "no closing brace", input: ["${HOST"], expected: "`${HOST` is not a variable." },
  ])("$name", ({ input, expected }) => {
    expect(substitute(input)).toEqual({ result: [undefined], faults: [{ path: ["upstreams", 0], message: expected }] });
  });
});

describe("in a policy file, variables", () => {
  const issuerOf = (members: Record<string, unknown>) => ({ main: { issuer: "https://issuer.example", ...members } });

  test("are those of issuers and upstreams, and of nothing else", () => {
    const policy = compiled(
      policyFileWith({
        realm: "${HOST}",
        issuers: issuerOf({ issuer: "https://${HOST}", profile: "${PROFILE}" }),
        upstreams: { orders: { url: "https://${HOST}" } },
      }),
      { HOST: "some.example", PROFILE: "cognito" },
    );
    expect([...policy.issuers.keys()]).toEqual(["https://some.example"]);
    expect(policy.upstreams.get("orders")).toMatchObject({ origin: "https://some.example" });
    expect(policy.realm).toBe("${HOST}");
  });

  test("that are missing are one fault, not also for what their text is without them", () => {
    expect(faultsOf(policyFileWith({ issuers: issuerOf({ profile: "${NONE}" }) }))).toEqual([
      expect.stringContaining("$.issuers.main.profile: The variable `NONE` is not set."),
    ]);
  });
});
