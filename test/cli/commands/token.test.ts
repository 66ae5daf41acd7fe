import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunningWorkers } from "../../../src/local/miniflare.ts";
import { freePorts } from "../../../src/local/ports.ts";
import { copyProject, type ProjectCopy } from "../../support/cli/project-copy.ts";
import { runScript } from "../../support/cli/run-script.ts";
import { startService } from "../../support/local/service-client.ts";
import { shopIssuers } from "../../support/local/shop-stack.ts";

const SCOPES = "https://api.myecommerce.com";

let issuer: RunningWorkers;
let tokenUrl: string;
let copy: ProjectCopy;

beforeAll(async () => {
  copy = await copyProject();
  issuer = await startService("issuer", { vars: { ISSUERS: shopIssuers("http://issuer.test") } });
  tokenUrl = `${issuer.urls["issuer"]}/oauth2/token`;
});
afterAll(() => Promise.all([issuer.dispose(), copy[Symbol.asyncDispose]()]));

const token = (...options: string[]) =>
  runScript(copy.path("src/cli/main.ts"), ["token", "--token-url", tokenUrl, ...options], copy.directory).finished;

describe.concurrent("npm run token", () => {
  it.each([
    {
      name: "prints a token with all of the client's scopes",
      input: ["--client", "customer"],
      expected: `${SCOPES}/read:products ${SCOPES}/read:orders`,
    },
    {
      name: "takes scopes by their short and full names",
      input: ["--client=admin", "--scope", `write:orders ${SCOPES}/read:orders`],
      expected: `${SCOPES}/write:orders ${SCOPES}/read:orders`,
    },
    {
      name: "gives a client that is not registered the scopes that it names",
      input: ["--client", "visitor", "--scope", "read:orders", "--issuer", "cognito"],
      expected: `${SCOPES}/read:orders`,
    },
  ])("$name, and nothing else", async ({ input, expected }) => {
    const { exitCode, stdout, stderr } = await token(...input);
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    expect(decodeJwt(stdout.trim())["scope"]).toBe(expected);
  });

  it.each([
    {
      name: "a scope that the client may not be granted",
      input: ["--client", "customer", "--scope", "write:orders"],
      expected: [
        1,
        "The issuer refused with 400: invalid_scope. routes.json does not grant the client write:orders. " +
          "It may have: read:products, read:orders.",
      ],
    },
    {
      name: "a wrong secret",
      input: ["--client", "customer", "--secret", "guess"],
      expected: [1, "The issuer refused with 401: invalid_client."],
    },
    {
      name: "a client that nobody knows, and of those that are known",
      input: ["--client", "nobody"],
      expected: [
        1,
        "The issuer refused with 401: invalid_client. routes.json has no client `nobody`. Known: admin, customer. " +
          "For a client that is not registered, name the scopes with --scope.",
      ],
    },
    {
      name: "a scope that is not declared, and of those that are",
      input: ["--client", "admin", "--scope", "read:orders read:oders"],
      expected: [
        1,
        "The issuer refused with 400: invalid_scope. routes.json declares no scope `read:oders`. " +
          "Known: read:products, write:products, read:orders, write:orders.",
      ],
    },
    {
      name: "an issuer that the policy lacks, and of those that it has",
      input: ["--client", "customer", "--issuer", "auth0"],
      expected: [2, "routes.json has no issuer `auth0`. Known: cognito."],
    },
    {
      name: "a policy that is missing",
      input: ["--client", "customer", "--policy", "none.json"],
      expected: [2, "none.json: There is no such file."],
    },
    { name: "no client", input: [], expected: [2, "token: --client is missing. See --help."] },
    {
      name: "an address that is none",
      input: ["--client", "customer", "--token-url", "here"],
      expected: [2, "--token-url needs an http or https URL."],
    },
    {
      name: "an address of another scheme",
      input: ["--client", "customer", "--token-url", "ftp://127.0.0.1/oauth2/token"],
      expected: [2, "--token-url needs an http or https URL."],
    },
  ])("tells in one line of $name", async ({ input, expected }) => {
    const { exitCode, stdout, stderr } = await token(...input);
    expect([exitCode, stderr.trim()]).toEqual(expected);
    expect(stdout).toBe("");
  });

  it("has help that says how it is run, without colour", async () => {
    const { exitCode, stdout, stderr } = await token("--help");
    expect(stdout).toContain("USAGE npm run token -- [OPTIONS] --client=<client>");
    expect(stdout).not.toContain("\u001b");
    expect(stdout).not.toMatch(/ $/m);
    expect([exitCode, stderr]).toEqual([0, ""]);
  });

  it("tells in one line that nobody answers", async () => {
    const [port] = await freePorts(1);
    const url = `http://127.0.0.1:${port}/oauth2/token`;
    const { exitCode, stderr } = await token("--client", "customer", "--token-url", url);
    const expected = `No answer from ${url}; is the local stack running (npm run dev)?`;
    expect([exitCode, stderr.trim()]).toEqual([1, expected]);
  });
});
