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
