import { describe, expect, it } from "vitest";
import { exampleFile, scopegate, scratchDirectory } from "../../../support/cli/run-scopegate.ts";

const API = "https://api.myecommerce.com";
const scratch = scratchDirectory();
const { cognito } = exampleFile().issuers;
const grants = { "cognito:groups": { staff: ["read:orders"], admins: ["*:orders"] } };
const partner = { issuer: "https://partner.example", profile: "generic", audiences: ["shop"] };
const one = scratch.write("one.json", exampleFile({ issuers: { cognito: { ...cognito, grants } } }));
const clients = { web: { issuer: "cognito", scopes: ["read:products"] } };
const two = scratch.write("two.json", exampleFile({ issuers: { cognito: { ...cognito, grants }, partner }, clients }));

async function explain(request: string, policy: string, ...args: readonly string[]) {
  return scopegate("explain", ...request.split(" "), "--policy", policy, ...args);
}

describe("explain --grant", () => {
  it("says which value of which claim gave a scope", async () => {
    const { stdout, exitCode } = await explain("GET /orders", one, "--grant", "cognito:groups=staff");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("asked by a client with cognito:groups=staff");
    expect(stdout).toContain(`by "staff" in the claim cognito:groups: ${API}/read:orders`);
  });

  it("has the same in JSON", async () => {
    const { stdout } = await explain("GET /orders", one, "--grant", "cognito:groups=staff", "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: "forwarded",
      caller: {
        granted: [`${API}/read:orders`],
        grantedBy: [{ scope: `${API}/read:orders`, claim: "cognito:groups", value: "staff" }],
      },
    });
  });

  it("takes several, beside a client and scopes", async () => {
    const values = ["--grant", "cognito:groups=staff", "--grant", "cognito:groups=admins"];
    const { stdout } = await explain(
      "POST /orders",
      two,
      ...values,
      "--client",
      "web",
      "--scope",
      "read:products",
      "--json",
    );
    const { caller } = JSON.parse(stdout);
    expect(caller.granted).toEqual([`${API}/read:products`, `${API}/read:orders`, `${API}/write:orders`]);
  });

  it("gives a client only what is asked for", async () => {
    const { stdout, exitCode } = await explain(
      "GET /products",
      two,
      "--client",
      "web",
      "--grant",
      "cognito:groups=staff",
    );
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining("Refused: 403 scope-insufficient.")]);
  });

  it("says that a value grants nothing, and what may be meant", async () => {
    const { stdout, exitCode } = await explain("GET /orders", one, "--grant", "cognito:groups=stuff");
    expect(exitCode).toBe(1);
    expect(stdout).toContain("`cognito:groups=stuff` grants nothing. Did you mean `staff`?");
  });

  it("grants nothing in tokens of another issuer", async () => {
    const args = ["--issuer", "partner", "--grant", "cognito:groups=staff"];
    const { stdout, exitCode } = await explain("GET /orders", two, ...args);
    expect(exitCode).toBe(1);
    expect(stdout).toContain("The issuer `partner` has no grants for this claim.");
  });

  it.each([
    { name: "a text without a value", args: ["--grant", "staff"], code: 2, says: "not a claim and its value" },
    { name: "an unknown issuer", args: ["--issuer", "cognit"], code: 2, says: "Did you mean `cognito`?" },
    {
      name: "the issuer of another client",
      args: ["--issuer", "partner", "--client", "web"],
      code: 2,
      says: "is registered by `cognito`, not by `partner`",
    },
    { name: "a token beside it", args: ["--grant", "a=b", "--token", "x"], code: 2, says: "Give one of --token" },
  ])("refuses $name", async ({ args, code, says }) => {
    const { exitCode, stderr, stdout } = await explain("GET /orders", two, ...args);
    expect([exitCode, stdout]).toEqual([code, ""]);
    expect(stderr).toContain(says);
  });
});
