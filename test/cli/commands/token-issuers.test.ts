/** `npm run token` with a policy that has several issuers, against the local stack. */
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FREE_PORTS } from "../../../src/local/addresses.ts";
import { type Stack, startStack } from "../../../src/local/stack.ts";
import { scopegate, scratchDirectory } from "../../support/cli/run-scopegate.ts";

const CONFIG = {
  issuers: {
    staff: { issuer: "https://staff.example", profile: "cognito" },
    partners: { issuer: "https://partners.example/", profile: "rfc9068", audiences: ["notes"] },
  },
  resourceServers: { notes: { scopes: { read: "Read" } } },
  clients: {
    reader: { id: "reader-1", issuer: "staff", scopes: ["read"] },
    robot: { id: "shared", issuer: "staff", scopes: ["read"] },
    partner: { id: "shared", issuer: "partners", scopes: [] },
  },
  upstreams: { notes: { url: "https://notes.invalid" } },
  routes: [{ path: "/notes", methods: ["GET"], scopes: ["read"], upstream: "notes" }],
};

const policy = scratchDirectory().write("policy.json", CONFIG);
let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ ports: FREE_PORTS, readSource: async () => ({ config: CONFIG, vars: {} }) });
});
afterAll(() => stack.dispose());

const token = (...options: readonly string[]) =>
  scopegate("token", "--policy", policy, "--token-url", stack.tokenUrl, ...options);

describe("npm run token with several issuers", () => {
  it.each([
    { name: "the registration of the client", input: ["--client", "reader"], iss: "https://staff.example" },
    { name: "the registration of the client id", input: ["--client", "reader-1"], iss: "https://staff.example" },
    { name: "the name before the client id", input: ["--client", "partner"], iss: "https://partners.example/" },
    {
      name: "the option, for a client id under two issuers",
      input: ["--client", "shared", "--issuer", "partners"],
      iss: "https://partners.example/",
    },
    {
      name: "the option, for a client that is not registered",
      input: ["--client", "visitor", "--issuer", "partners", "--scope", "read"],
      iss: "https://partners.example/",
    },
  ])("takes the issuer from $name", async ({ input, iss }) => {
    const { exitCode, stdout, stderr } = await token(...input);
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(decodeJwt(stdout.trim()).iss).toBe(iss);
  });

  it.each([
    { name: "a client id under two issuers", input: ["--client", "shared"] },
    { name: "a client that is not registered", input: ["--client", "visitor", "--scope", "read"] },
  ])("asks in one line for the issuer of $name", async ({ input }) => {
    expect(await token(...input)).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: `${policy} has several issuers: say with --issuer which one gives the token. Known: staff, partners.\n`,
    });
  });
});
