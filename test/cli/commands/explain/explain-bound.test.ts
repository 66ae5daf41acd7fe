import { describe, expect, it } from "vitest";
import { createExplainWorld } from "../../../support/cli/explain-world.ts";
import { exampleFile, scopegate } from "../../../support/cli/run-scopegate.ts";

const API = "https://api.myecommerce.com";
const { scratch, tokenFile } = await createExplainWorld();

/** The running example, with certificates accepted and one route that asks for them. */
const policy = scratch.write("bound.json", {
  ...exampleFile(),
  issuers: { cognito: { ...exampleFile().issuers.cognito, binding: { mtls: "accepted" } } },
  routes: [
    { path: "/orders", methods: ["GET"], scopes: ["read:orders"], senderConstrained: true, upstream: "orders" },
    { path: "/me", methods: ["GET"], authenticated: true, senderConstrained: true, upstream: "orders" },
    { path: "/old", methods: ["GET"], authenticated: true, upstream: "orders" },
  ],
});

async function explain(request: string, ...args: readonly string[]) {
  const { exitCode, stdout, stderr } = await scopegate("explain", ...request.split(" "), "--policy", policy, ...args);
  return { exitCode, text: stdout + stderr };
}

describe("explain with a caller whose token is", () => {
  it.each([
    {
      name: "bound, by an assumption",
      args: ["--client", "customer", "--bound", "mtls"],
      exitCode: 0,
      says: [
        "met     a token that is bound to its sender",
        "Note: The token is assumed to be bound to a client certificate",
      ],
    },
    {
      name: "not bound",
      args: ["--client", "customer"],
      exitCode: 1,
      says: ["Refused: 401 token-binding-missing.", "Hint: Assume one with `--bound dpop` or `--bound mtls`"],
    },
    {
      name: "bound in a way that the issuer refuses",
      args: ["--client", "customer", "--bound", "dpop"],
      exitCode: 1,
      says: ["Refused: 401 token-binding-unsupported.", "accept the binding in the issuer's `binding`"],
    },
    {
      name: "missing",
      args: [],
      exitCode: 1,
      says: ["One of these would be enough, in a token that is bound to its sender:"],
    },
    { name: "bound in no known way", args: ["--bound", "tls"], exitCode: 2, says: ["--bound", "dpop", "mtls"] },
    {
      name: "told twice",
      args: ["--token", "a.b.c", "--bound", "mtls"],
      exitCode: 2,
      says: ["Give one of --token, --token-file, and what a token is assumed to have"],
    },
  ])("$name says so", async ({ args, exitCode, says }) => {
    const said = await explain("GET /orders", ...args);
    for (const text of says) expect(said.text).toContain(text);
    expect(said.exitCode).toBe(exitCode);
  });

  it("pasted, with cnf, says that the certificate was not checked", async () => {
    const cnf = { "x5t#S256": "A".repeat(43) };
    const file = await tokenFile("bound", { client_id: "customer", scope: `${API}/read:orders`, cnf });
    for (const path of ["/orders", "/me", "/old"]) {
      const { exitCode, text } = await explain(`GET ${path}`, "--token-file", file);
      expect(text).toContain(
        "if the token's signature is valid, and the connection has the token's client certificate",
      );
      expect(text).toContain("Note: The token is bound to a client certificate. The connection is not checked here");
      expect(text).not.toContain("A".repeat(43));
      expect(exitCode).toBe(0);
    }
  });

  it("pasted, has its binding in --json", async () => {
    const file = await tokenFile("json", { client_id: "customer", cnf: { "x5t#S256": "A".repeat(43) } });
    const { text } = await explain("GET /me", "--token-file", file, "--json");
    expect(JSON.parse(text)).toMatchObject({
      caller: { boundBy: "mtls" },
      requirement: { kind: "authenticated", senderConstrained: { met: true } },
    });
  });
});
