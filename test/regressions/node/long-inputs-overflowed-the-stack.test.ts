import { describe, expect, it } from "vitest";
import { exampleFile, scopegate, scratchDirectory } from "../../support/cli/run-scopegate.ts";

const scratch = scratchDirectory();
const policy = scratch.write("policy.json", exampleFile());

/** `check` ended with a stack trace, and with the exit code of findings. */
describe("a path of 2,100 segments", () => {
  const path = "/a".repeat(2_100);
  const route = { path, methods: ["GET"], scopes: ["read:orders"], upstream: "orders" };
  const guarantee = { under: ["/"], requires: ["read:orders"] };
  const long = scratch.write("long-path.json", exampleFile({ routes: [route], guarantees: [guarantee] }));

  it("is a fault with its place", async () => {
    const { exitCode, stdout } = await scopegate("check", "--policy", long);
    expect(stdout).toMatch(/long-path\.json:\d+:\d+: error invalid: The path has 2100 segments, more than 256\.\n/);
    expect(exitCode).toBe(1);
  });

  it("is a fault of a guarantee, too", async () => {
    const file = scratch.write("guarantee.json", exampleFile({ guarantees: [{ under: [path], never: true }] }));
    const { exitCode, stdout } = await scopegate("check", "--policy", file);
    expect(stdout).toMatch(/\n {4}\$\.guarantees\[0\]\.under\[0\]\n/);
    expect(exitCode).toBe(1);
  });

  it("is not imported", async () => {
    const document = scratch.write("api.json", { openapi: "3.0.3", info: {}, paths: { [path]: { get: {} } } });
    const { stderr } = await scopegate("import", "openapi", document, "--policy", policy, "--upstream", "orders");
    expect(stderr).toContain("The path has 2100 segments, more than 256.");
  });

  it("is explained as a request", async () => {
    const { exitCode, stdout } = await scopegate("explain", "GET", path, "--policy", policy);
    expect(stdout).toContain("404 route-unknown");
    expect(exitCode).toBe(1);
  });
});

/** The fault named no group, and pointed at the beginning of the file. */
describe("a requirement of 32 nested groups", () => {
  it("is a fault in terms of groups, at the group that is one too deep", async () => {
    const groups = `${'{ "anyOf": [\n'.repeat(32)}"read:orders"${"] }".repeat(32)}`;
    const text = JSON.stringify(exampleFile()).replace('["read:orders"],"upstream"', `\n${groups},"upstream"`);
    const { stdout } = await scopegate("check", "--policy", scratch.write("groups.json", text));
    // One line for each group, and one before the first.
    expect(stdout).toMatch(/groups\.json:33:1: error invalid: This group is inside 31 others\. /);
  });
});
