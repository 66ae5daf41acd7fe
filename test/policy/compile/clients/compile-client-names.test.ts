import { describe, expect, test } from "vitest";
import { MAX_CLIENT_NAME_LENGTH } from "../../../../src/limits.ts";
import { compileForWorker } from "../../../../src/policy/compiled/serialize-policy.ts";
import { compiled, faultsOf, policyFileWith } from "../../../support/policy/policy-file.ts";

const scopes = ["read:orders"];
const fileWith = (name: unknown) => policyFileWith({ clients: { app: { name, scopes } } });
const INVISIBLE = "The name has no visible character. Write what people call the client, or leave it out.";
const ENDS = "The name begins or ends with white space. Remove it: nobody sees it.";

describe("the name of a client", () => {
  test.each([
    { name: "one character", input: "x" },
    { name: "as many characters as allowed", input: "x".repeat(MAX_CLIENT_NAME_LENGTH) },
    { name: "spaces inside", input: "Web  shop" },
    { name: "letters of any script, and an emoji of several code points", input: "فروشگاه 👩‍💻" },
    { name: "markup", input: '<b>"Web" & `shop`</b>' },
    { name: "what looks like a variable, and is none", input: "\u0024{SHOP}" },
  ])("may be $name", ({ input }) => {
    expect([...(compiled(fileWith(input)).clientNames ?? [])]).toEqual([["app", input]]);
  });

  test("is found by the client's key, with any id", () => {
    const clients = { web: { name: "Web shop", id: "4kq7l2", scopes }, batch: { scopes } };
    expect([...(compiled(policyFileWith({ clients })).clientNames ?? [])]).toEqual([["web", "Web shop"]]);
  });

  test("is left out of a policy in which no client has one", () => {
    expect(compiled(policyFileWith({ clients: { app: { scopes } } }))).not.toHaveProperty("clientNames");
  });

  test("is no part of what the Worker gets", () => {
    const named = compileForWorker(fileWith("Web shop"), {});
    const unnamed = compileForWorker(policyFileWith({ clients: { app: { scopes } } }), {});
    expect(named.ok).toBe(true);
    expect(JSON.stringify(named)).toBe(JSON.stringify(unnamed));
  });
});

describe("a fault is reported for a name that", () => {
  test.each([
    { name: "is empty", input: "", expected: "This is empty. Write at least one character." },
    {
      name: "is one character too long",
      input: "x".repeat(MAX_CLIENT_NAME_LENGTH + 1),
      expected: "This is too long. The maximum is 128 characters.",
    },
    { name: "is no string", input: 7, expected: "Found 7. Write a string." },
    { name: "begins with a space", input: " Web shop", expected: ENDS },
    { name: "ends with a no-break space", input: "Web shop\u00a0", expected: ENDS },
    { name: "is a space", input: " ", expected: INVISIBLE },
    { name: "is a zero-width space", input: "\u200b", expected: INVISIBLE },
    { name: "is a filler that counts as a letter", input: "\u3164", expected: INVISIBLE },
    {
      name: "has a control character",
      input: "Web\u001b[2K",
      expected:
        "The value contains the control character `\\u{1b}`. " +
        "Remove it: it can make terminals and reviews show something else.",
    },
    {
      name: "has a direction mark",
      input: "Web\u202e",
      expected:
        "The value contains the control character `\\u{202e}`. " +
        "Remove it: it can make terminals and reviews show something else.",
    },
  ])("$name", ({ input, expected }) => {
    expect(faultsOf(fileWith(input))).toEqual([`$.clients.app.name: ${expected}`]);
  });
});
