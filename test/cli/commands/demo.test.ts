import { describe, expect, it } from "vitest";
import { describeAnswer, describeLack } from "../../../src/cli/demo/demo-answer.ts";
import { formatTable } from "../../../src/cli/demo/demo-table.ts";
import { copyProject } from "../../support/cli/project-copy.ts";
import { runScript } from "../../support/cli/run-script.ts";

describe.concurrent("npm run demo", () => {
  it("plays the running example as it should go", async () => {
    const { exitCode, stdout, stderr } = await runScript("src/cli/main.ts", ["demo"]).finished;
    expect(stderr).toBe("");
    expect(stdout).toMatch(/All \d+ calls were answered as expected\.\n$/);
    expect(exitCode).toBe(0);
  });

  it("fails when an answer differs, and shows which", async () => {
    await using copy = await copyProject();
    const routes = await copy.read("routes.json");
    await copy.write("routes.json", routes.replace('"scopes": ["write:orders"]', '"authenticated": true'));
    const { exitCode, stdout } = await runScript(copy.path("src/cli/main.ts"), ["demo"]).finished;
    expect(stdout).toMatch(/^FAIL {2}customer {2}POST \/orders +403 scope-insufficient .* 201 by orders/m);
    expect(exitCode).toBe(1);
  });
});

describe("formatTable", () => {
  const rows = [
    { call: "GET /", expected: "200", actual: "200" },
    { call: "GET /long", expected: "403 x", actual: "200" },
  ];

  it("lines the columns up and counts the failures", () => {
    expect(formatTable(rows, false)).toBe(
      [
        "      call       expected  actual",
        "ok    GET /      200       200",
        "FAIL  GET /long  403 x     200",
        "",
        "1 of 2 calls were not answered as expected.",
      ].join("\n"),
    );
  });

  it("is coloured for terminals only", () => {
    expect(formatTable(rows, true)).toContain("\u001b[31mFAIL\u001b[0m");
    expect(formatTable(rows.slice(0, 1), false)).toMatch(/All 1 calls were answered as expected\.$/);
  });
});

describe("describeAnswer", () => {
  it.each([
    {
      name: "knows the gateway by its problem types",
      input: { status: 404, headers: {}, body: '{"type":"https://scopegate.dev/problems/route-unknown"}' },
      expected: "404 route-unknown by gateway",
    },
    {
      name: "knows a service by its header",
      input: { status: 404, headers: { "x-served-by": "orders" }, body: '{"type":"about:blank"}' },
      expected: "404 by orders",
    },
    {
      name: "knows the issuer by its errors",
      input: { status: 400, headers: {}, body: '{"error":"invalid_scope"}' },
      expected: "400 invalid_scope by issuer",
    },
    {
      name: "knows the issuer by its tokens",
      input: { status: 200, headers: {}, body: '{"access_token":"x"}' },
      expected: "200 by issuer",
    },
    {
      name: "takes no other answer for the issuer's",
      input: { status: 500, headers: {}, body: "Internal Server Error" },
      expected: "500 by nobody known",
    },
  ])("$name", ({ input, expected }) => {
    expect(describeAnswer({ ...input, headers: new Headers(input.headers as Record<string, string>) })).toBe(expected);
  });
});

describe("describeLack", () => {
  const lackOf = (body: unknown) => describeLack({ status: 403, headers: new Headers(), body: JSON.stringify(body) });

  it("names what is required and not granted", () => {
    expect(lackOf({ required: ["a/x", "a/y"], granted: ["a/x"] })).toBe("lacks y");
  });

  it("notices when a refusal does not say it", () => {
    expect(lackOf({ required: ["a/x"] })).toBe("which names no scopes");
  });
});
