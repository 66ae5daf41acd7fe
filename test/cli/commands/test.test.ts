import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { decide } from "../../../src/testing/decide-request.ts";
import { exampleFile, scopegate, scratchDirectory } from "../../support/cli/run-scopegate.ts";
import { compiled } from "../../support/policy/policy-file.ts";
import { codeBlocks } from "../../support/project/code-blocks.ts";
import { projectFile } from "../../support/project/project-files.ts";

const scratch = scratchDirectory();
const policy = scratch.write("routes.json", exampleFile());
const read = { method: "GET", path: "/orders", client: "customer", expect: { outcome: "forwarded" } };
const write = { ...read, name: "customers order nothing", method: "POST" };
const refusal = { outcome: "refused", reason: "scope-insufficient" };

function table(name: string, ...tests: readonly unknown[]): string {
  return scratch.write(`${name}.test.json`, { tests });
}

/** Runs a table against the policy. */
function test(name: string, tests: readonly unknown[], ...args: string[]) {
  return scopegate("test", table(name, ...tests), "--policy", policy, ...args);
}

describe("scopegate test", () => {
  it("passes if every decision is as expected", async () => {
    const run = await test("fine", [read, { ...write, expect: refusal }]);
    expect(run).toMatchObject({
      exitCode: 0,
      stderr: "",
      stdout: `${join(scratch.path, "fine.test.json")}: 2 passed\n`,
    });
  });

  it("shows what was expected, what came, why, and where", async () => {
    const { exitCode, stdout } = await test("differs", [read, write]);
    const file = join(scratch.path, "differs.test.json");
    expect(stdout.split("\n").slice(0, 5)).toEqual([
      `${file}:11:5: failed: customers order nothing`,
      "    outcome: expected forwarded, got refused",
      "    it was refused with 403 scope-insufficient",
      "    why: POST /orders requires write:orders; the token grants read:products, read:orders.",
      expect.stringMatching(/routes\.json:\d+:\d+: POST \/orders$/),
    ]);
    expect(stdout).toContain("    hint: A token of `customer` that has the scopes would be let in");
    expect(stdout).toContain(`${file}: 1 failed, 1 passed`);
    expect(exitCode).toBe(1);
  });

  it("reports every fault with its place and a hint, and decides nothing", async () => {
    const { exitCode, stderr, stdout } = await test("faulty", [
      { ...read, client: "custmer" },
      { ...write, scope: "x" },
    ]);
    const file = join(scratch.path, "faulty.test.json");
    expect(stderr.trim().split("\n")).toEqual([
      expect.stringMatching(
        `^${file}:\\d+:\\d+: There is no client \`custmer\` in \`clients\`. Did you mean \`customer\`\\?$`,
      ),
      expect.stringMatching(`^${file}:\\d+:\\d+: This member is unknown. Did you mean \`scopes\`\\?$`),
    ]);
    expect([exitCode, stdout]).toEqual([2, ""]);
  });

  it.each([
    { name: "an empty table", text: '{ "tests": [] }', says: ":1:3: This is empty. List at least one." },
    { name: "a file that is not JSON", text: "{ tests }", says: ":1:3: This is not JSON." },
    {
      name: "a member that appears twice",
      text: '{ "tests": [], "tests": [] }',
      says: ':1:16: The member "tests" appears twice.',
    },
  ])("refuses $name", async ({ text, says }) => {
    const file = scratch.write("broken.test.json", text);
    const { exitCode, stderr } = await scopegate("test", file, "--policy", policy);
    expect(stderr).toContain(`${file}${says}`);
    expect(exitCode).toBe(2);
  });

  it.each([
    {
      name: "a table that is not there",
      args: ["nowhere.test.json"],
      says: "nowhere.test.json: There is no such file.",
    },
    { name: "a policy that is not there", args: [table("alone", read)], says: "alone.json: There is no such file." },
    { name: "a table whose name does not say the policy", args: ["table.json"], says: "Say with --policy" },
  ])("refuses $name", async ({ args, says }) => {
    const { exitCode, stderr } = await scopegate("test", ...args);
    expect(stderr).toContain(says);
    expect(exitCode).toBe(2);
  });

  it("refuses a faulty policy", async () => {
    const faulty = scratch.write("faulty-policy.json", exampleFile({ upstreams: {} }));
    const { exitCode, stderr } = await scopegate("test", table("any", read), "--policy", faulty);
    expect(stderr).toContain("faulty-policy.json:");
    expect(exitCode).toBe(2);
  });

  it("prints its result as JSON", async () => {
    const { exitCode, stdout } = await test("json", [read, write], "--json", "--coverage");
    const result = JSON.parse(stdout);
    expect(exitCode).toBe(1);
    expect(result).toMatchObject({
      table: join(scratch.path, "json.test.json"),
      policy,
      passed: 1,
      failed: 1,
      rows: [
        { name: "GET /orders by client customer", line: 3, column: 5, passed: true, differences: [] },
        {
          name: "customers order nothing",
          passed: false,
          differences: [{ member: "outcome", expected: "forwarded", actual: "refused" }],
          decision: { outcome: "refused", reason: "scope-insufficient", status: 403, route: "/orders" },
        },
      ],
    });
    expect(result.uncovered).toContainEqual(
      expect.objectContaining({ path: "/orders", methods: ["GET"], missing: ["refused"], line: expect.any(Number) }),
    );
  });

  it("lists the routes that the table does not cover, which is no failure", async () => {
    const { exitCode, stdout } = await test("coverage", [read], "--coverage");
    expect(stdout).toMatch(/routes\.json:\d+:\d+: notice: GET \/orders: no row refuses a request\.$/m);
    expect(stdout).toMatch(/notice: POST \/orders: no row lets a request in, and none refuses a request\.$/m);
    expect(stdout).toMatch(/notice: GET \/products\/healthz: no row lets a request in\.$/m);
    expect(stdout).toContain("coverage: 0 of 9 routes");
    expect(exitCode).toBe(0);
  });

  it("uses the vars of the environment that --env names", async () => {
    const folder = join("examples", "shop");
    const row = { ...read, claims: { iss: "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_STAGING" } };
    const { client: _, ...rest } = row;
    const file = table("staging", { ...rest, expect: { outcome: "refused", reason: "scope-insufficient" } });
    const run = (...args: string[]) => scopegate("test", file, "--policy", join(folder, "routes.json"), ...args);
    expect((await run("--env", "staging")).exitCode).toBe(0);
    expect((await run()).stdout).toContain("reason: expected scope-insufficient, got issuer-unknown");
  });
});

describe("the guide", () => {
  const guide = projectFile("docs/guides/testing.md");
  const sample = codeBlocks(guide)[0]?.text ?? "";
  const shop = JSON.parse(projectFile("examples/shop/routes.json"));

  it("shows what the command prints where customers may order", async () => {
    const text = projectFile("examples/shop/routes.json").replace(
      '"methods": ["POST"], "scopes": ["write:orders"]',
      '"methods": ["POST"], "scopes": ["read:orders", "write:orders"]',
    );
    const loose = scratch.write("loose.json", text);
    const file = scratch.write("loose.test.json", sample);
    const { stdout, exitCode } = await scopegate("test", file);
    const shown = /^\$ npm run -s scopegate -- test\n([^`]+)```/m.exec(guide)?.[1];
    expect(stdout.replaceAll(file, "routes.test.json").replaceAll(loose, "routes.json")).toBe(shown);
    expect(exitCode).toBe(1);
  });

  it("shows a table that passes, and a test that does", async () => {
    const file = scratch.write("guide.test.json", sample);
    expect((await scopegate("test", file, "--policy", "examples/shop/routes.json")).exitCode).toBe(0);
    const vars = {
      ISSUER_URL: "https://i.example",
      PRODUCTS_URL: "https://p.example",
      ORDERS_URL: "https://o.example",
    };
    const decision = await decide(compiled(shop, vars), { method: "POST", path: "/orders", client: "customer" });
    expect(decision).toMatchObject({ outcome: "refused", reason: "scope-insufficient" });
  });

  it("names every member of a row and of an expectation", () => {
    const schema = JSON.parse(projectFile("src/testing/routes.test.schema.json"));
    const { expect: expectation, ...row } = schema.properties.tests.items.properties;
    const members = [...Object.keys(row), ...Object.keys(expectation.properties)];
    expect(members.filter((name) => !guide.includes(`\`${name}\``))).toEqual([]);
  });
});

describe("the shop", () => {
  it("decides as its table says, and the table covers every route", async () => {
    const { exitCode, stdout, stderr } = await scopegate("test", "examples/shop/routes.test.json", "--coverage");
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^examples\/shop\/routes\.test\.json: \d+ passed\ncoverage: (\d+) of \1 routes\n$/);
  });
});
