import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { scopegate, scratchDirectory } from "../../support/cli/run-scopegate.ts";

const scratch = scratchDirectory();
const FLAGS = ["--resource-server", "https://api.example.com", "--upstream", "orders=https://orders.example.com/v1"];
const COGNITO = "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_A1b2C3d4E";

async function init(name: string, ...args: string[]) {
  const policy = join(scratch.path, name);
  const run = await scopegate("init", "--policy", policy, ...args);
  return { ...run, policy };
}

describe("the policy that is written", () => {
  it.each([
    { name: "of a Cognito pool", issuer: COGNITO, expected: { cognito: { issuer: COGNITO, profile: "cognito" } } },
    {
      name: "of any other issuer, whose tokens must name the resource server",
      issuer: "https://tenant.auth0.example/",
      expected: {
        main: { issuer: "https://tenant.auth0.example/", profile: "generic", audiences: ["https://api.example.com"] },
      },
    },
  ])("$name passes check without a word", async ({ name, issuer, expected }) => {
    const { exitCode, stdout, policy } = await init(
      `${name}.json`,
      "--issuer",
      issuer,
      ...FLAGS,
      "--upstream",
      "users=https://users.example",
    );
    expect(stdout).toContain("no findings");
    const file = JSON.parse(readFileSync(policy, "utf8"));
    expect(file.issuers).toEqual(expected);
    expect(file.upstreams).toEqual({
      orders: { url: "https://orders.example.com/v1" },
      users: { url: "https://users.example" },
    });
    expect(await scopegate("check", "--policy", policy)).toMatchObject({ exitCode: 0 });
    expect(exitCode).toBe(0);
  });

  it("opens the collection of an upstream to who may read it", async () => {
    const { policy } = await init("explained.json", "--issuer", COGNITO, ...FLAGS);
    const run = await scopegate("explain", "GET", "/orders/7", "--scope", "read:orders", "--policy", policy);
    expect(run.stdout).toContain("Forwarded to orders.");
  });

  it("does not overwrite another, unless forced", async () => {
    const { policy } = await init("there.json", "--issuer", COGNITO, ...FLAGS);
    const before = readFileSync(policy, "utf8");
    expect((await init("there.json", "--issuer", "https://other.example", ...FLAGS)).exitCode).toBe(2);
    expect(readFileSync(policy, "utf8")).toBe(before);
    expect((await init("there.json", "--issuer", "https://other.example", ...FLAGS, "--force")).exitCode).toBe(0);
    expect(readFileSync(policy, "utf8")).not.toBe(before);
  });
});

it.each([
  {
    name: "an issuer that is no URL",
    args: ["--issuer", "cognito", ...FLAGS],
    says: "--issuer: This is not an absolute URL.",
  },
  {
    name: "an issuer over http",
    args: ["--issuer", "http://issuer.example", ...FLAGS],
    says: "--issuer: The URL is neither https",
  },
  {
    name: "an upstream without a name",
    args: ["--issuer", COGNITO, ...FLAGS.slice(0, 2), "--upstream", "https://x.example"],
    says: "is not name=url",
  },
  {
    name: "two upstreams of one name",
    args: ["--issuer", COGNITO, ...FLAGS, "--upstream", "orders=https://x.example"],
    says: "There are two upstreams `orders`.",
  },
  {
    name: "a resource server with a space",
    args: ["--issuer", COGNITO, "--resource-server", "a b", ...FLAGS.slice(2)],
    says: "Write it without spaces",
  },
  { name: "what is missing, where nobody can be asked", args: FLAGS, says: "Missing: --issuer." },
])("says of $name, and writes nothing", async ({ args, says }) => {
  const { exitCode, stderr, policy } = await init("not-written.json", ...args);
  expect(stderr).toContain(says);
  expect(exitCode).toBe(2);
  expect(() => readFileSync(policy)).toThrow();
});
