import { describe, expect, it } from "vitest";
import { compiled, faultsOf, policyFile, policyFileWith } from "../../../support/policy/policy-file.ts";

function fileWith(condition: unknown, path = "/users/:userId/files/:fileId") {
  return policyFileWith({
    routes: [{ path, methods: ["GET"], scopes: ["read:orders", condition], upstream: "orders" }],
  });
}

describe("a condition is compiled", () => {
  it("on a parameter, with its segment", () => {
    const expected = {
      kind: "parameter",
      name: "fileId",
      segment: 3,
      equals: ["org", "file"],
      atom: "parameter 3 /org/file",
    };
    const [route] = compiled(fileWith({ param: "fileId", equals: "/org/file" })).routes;
    expect(route?.requirement).toEqual({
      kind: "scopes",
      expression: { kind: "anyOf", of: [{ kind: "scope", name: "https://api.example/read:orders" }, expected] },
      mentioned: ["https://api.example/read:orders"],
      conditions: [expected],
    });
  });

  it("on a claim, each value once", () => {
    const [route] = compiled(fileWith({ claim: "https://x/y", in: ["b", "a", "b"] })).routes;
    expect(route?.requirement).toMatchObject({
      conditions: [
        {
          kind: "claim",
          claim: ["https://x/y"],
          in: ["b", "a"],
          atoms: ["claim /https:~1~1x~1y b", "claim /https:~1~1x~1y a"],
        },
      ],
    });
  });

  it("anew for each route with a parameter of its name", () => {
    const scopes = [{ param: "id", equals: "sub" }];
    const routes = ["/a/:id", "/b/c/:id", "/d/:id"].map((path) => ({
      path,
      methods: ["GET"],
      scopes,
      upstream: "orders",
    }));
    const [a, b, d] = compiled(policyFileWith({ routes })).routes.map(({ requirement }) => requirement);
    expect(a).toMatchObject({ conditions: [{ segment: 1 }] });
    expect(b).toMatchObject({ conditions: [{ segment: 2 }] });
    expect(d).toBe(a);
  });

  it("by name in a guarantee", () => {
    const guarantee = { under: ["/orders"], requires: { allOf: ["read:orders", { param: "id", equals: "sub" }] } };
    const [found] = compiled({ ...policyFile(), guarantees: [guarantee] }).guarantees;
    expect(found?.claim).toMatchObject({
      expression: { of: [{ kind: "scope" }, { kind: "named-parameter", name: "id", equals: ["sub"] }] },
    });
  });
});

describe("a condition is refused", () => {
  it.each([
    {
      name: "on a parameter that the path does not have, with the nearest",
      condition: { param: "userid", equals: "sub" },
      expected: ["$.routes[0].scopes[1].param: The path has no parameter `userid`. Did you mean `userId`?"],
    },
    {
      name: "on a name with a colon",
      condition: { param: ":userId", equals: "sub" },
      expected: ["$.routes[0].scopes[1].param: The name begins with a colon. Write `userId`."],
    },
    {
      name: "on a path without parameters",
      condition: { param: "id", equals: "sub" },
      path: "/users",
      expected: ["$.routes[0].scopes[1].param: The path has no parameter `id`. Name a segment `:id` in the path."],
    },
    {
      name: "on a wildcard",
      condition: { param: "*", equals: "sub" },
      path: "/users/*",
      expected: [
        "$.routes[0].scopes[1].param: A `*` cannot be compared with a claim. Name the segment in the path, such as `/:userId/*`.",
      ],
    },
    {
      name: "only once, if the path is faulty",
      condition: { param: "id", equals: "sub" },
      path: "users/:id",
      expected: ["$.routes[0].path: The path does not start with a slash. Write `/users/:id`."],
    },
    {
      name: "with a faulty JSON Pointer",
      condition: { param: "userId", equals: "/a~b" },
      expected: ['$.routes[0].scopes[1].equals: This is not a JSON Pointer. Write "~0" for "~".'],
    },
    {
      name: "without values",
      condition: { claim: "tier", in: [] },
      expected: ["$.routes[0].scopes[1].in: This is empty. List at least one."],
    },
    {
      name: "with an empty value",
      condition: { claim: "tier", in: ["a", ""] },
      expected: ["$.routes[0].scopes[1].in[1]: This is empty. Write at least one character."],
    },
    {
      name: "with a value that is no string",
      condition: { claim: "tier", in: [1] },
      expected: ["$.routes[0].scopes[1].in[0]: Found 1. Write a string."],
    },
    {
      name: "with a control character",
      condition: { claim: "tier", in: ["go\u0007ld"] },
      expected: [
        "$.routes[0].scopes[1].in[0]: The value contains the control character `\\u{7}`. Remove it: it can make terminals and reviews show something else.",
      ],
    },
    {
      name: "without the claim that it equals",
      condition: { param: "userId" },
      expected: ["$.routes[0].scopes[1].equals: `equals` is missing. Add it: it has no default."],
    },
    {
      name: "with members of both kinds",
      condition: { param: "userId", in: ["a"] },
      expected: [
        "$.routes[0].scopes[1].equals: `equals` is missing. Add it: it has no default.",
        "$.routes[0].scopes[1].in: This member is unknown. Known here: param, equals.",
      ],
    },
    {
      name: "with a misspelt member",
      condition: { claim: "tier", ins: ["a"] },
      expected: [
        "$.routes[0].scopes[1].in: `in` is missing. Add it: it has no default.",
        "$.routes[0].scopes[1].ins: This member is unknown. Did you mean `in`?",
      ],
    },
  ])("$name", ({ condition, path, expected }) => {
    expect(faultsOf(fileWith(condition, path))).toEqual(expected);
  });
});
