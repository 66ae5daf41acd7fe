import { describe, expect, it } from "vitest";
import { createExplainWorld } from "../../../support/cli/explain-world.ts";
import { exampleFile, scopegate } from "../../../support/cli/run-scopegate.ts";

const { policy, scratch } = await createExplainWorld();
const HOSTS = ["api.example", "localhost"];
const withMembers = (name: string, members: Readonly<Record<string, unknown>>) =>
  scratch.write(name, { ...exampleFile(), ...members });
const restricted = withMembers("hosts.json", { hosts: HOSTS });

const explain = (file: string, request: string, ...args: readonly string[]) =>
  scopegate("explain", ...request.split(" "), "--policy", file, "--client", "customer", ...args);

describe("explain with hosts", () => {
  it.each([
    { name: "assumes a host that is served", request: "GET /orders", args: [] },
    { name: "takes a host", request: "GET /orders", args: ["--host", "API.example:8443"] },
    { name: "takes another name of the own machine", request: "GET /orders", args: ["--host", "[::1]:8787"] },
    { name: "takes the host of a URL", request: "GET https://api.example/orders", args: [] },
  ])("$name", async ({ request, args }) => {
    const { exitCode, stdout } = await explain(restricted, request, ...args);
    expect(stdout).toContain("Forwarded to orders.");
    expect(exitCode).toBe(0);
  });

  it.each([
    { name: "another host", request: "GET /orders", args: ["--host", "evil.example"] },
    { name: "a host with a dot at its end", request: "GET /orders", args: ["--host", "api.example."] },
    { name: "another spelling of an address", request: "GET /orders", args: ["--host", "127.1"] },
    { name: "the host of a URL", request: "GET https://evil.example/orders", args: [] },
    { name: "one of the gateway's own endpoints", request: "GET /_gateway/health", args: ["--host", "evil.example"] },
  ])("refuses $name in the first stage", async ({ request, args }) => {
    const { exitCode, stdout } = await explain(restricted, request, ...args);
    expect(stdout).toMatch(/^1 canonicalize +refused +The host `[^`]+` is not one of the policy's `hosts`\.$/m);
    expect(stdout).toContain("Refused: 421 host-unknown. This gateway does not serve the host of the request.");
    expect(stdout).toContain("Hint: The policy serves `api.example`, `localhost`.");
    expect(exitCode).toBe(1);
  });

  it("says that a dot at the end makes another host", async () => {
    const dot = await explain(restricted, "GET /orders", "--host", "api.example.");
    expect(dot.stdout).toContain("Hint: A dot at the end makes it another host.");
    const other = await explain(restricted, "GET /orders", "--host", "evil.example.");
    expect(other.stdout).not.toContain("A dot at the end");
  });

  it("has the host in its JSON, if one was given", async () => {
    const refused = await explain(restricted, "GET /orders", "--host", "evil.example", "--json");
    expect(JSON.parse(refused.stdout)).toMatchObject({
      request: { method: "GET", url: "https://evil.example/orders", host: "evil.example" },
      outcome: "refused",
      refusedAt: "canonicalize",
      refusal: { status: 421, reason: "host-unknown", headers: {} },
    });
    const without = await explain(restricted, "GET /orders", "--json");
    expect(Object.keys(JSON.parse(without.stdout).request)).toEqual(["method", "url", "canonicalPath"]);
  });

  it("passes no Host on to the upstream", async () => {
    const { stdout } = await explain(restricted, "GET /orders", "--host", "api.example", "--json");
    const { headers } = JSON.parse(stdout).forwarded;
    expect(headers).toMatchObject({ "x-forwarded-host": "api.example" });
    expect(headers).not.toHaveProperty("host");
  });

  it.each([
    { publicUrl: "https://api.example", expected: "https://api.example/orders" },
    { publicUrl: "http://localhost:8787", expected: "http://localhost:8787/orders" },
    // Something in front of the gateway has this address.
    { publicUrl: "https://front.example", expected: "https://api.example/orders" },
  ])("assumes the public URL $publicUrl only if its host is served", async ({ publicUrl, expected }) => {
    const file = withMembers("both.json", { hosts: HOSTS, publicUrl });
    const { exitCode, stdout } = await explain(file, "GET /orders", "--json");
    expect(JSON.parse(stdout).request.url).toBe(expected);
    expect(exitCode).toBe(0);
  });
});

describe("explain without hosts", () => {
  it("serves every host", async () => {
    expect((await explain(policy, "GET /orders", "--host", "evil.example")).exitCode).toBe(0);
  });

  it.each([
    { host: "api.example/orders", expected: "is not a host name with an optional port" },
    { host: "", expected: "--host needs a value" },
    { host: "256.1.1.1", expected: "This is not a URL" },
  ])("does not take $host for a host", async ({ host, expected }) => {
    const { exitCode, stderr } = await explain(policy, "GET /orders", "--host", host);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(expected)]);
  });

  it("takes a host or a URL, and not both", async () => {
    const { exitCode, stderr } = await explain(policy, "GET https://a.example/orders", "--host", "a.example");
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("The URL names the host already")]);
  });
});
