import { describe, expect, it } from "vitest";
import { scopegate, scratchDirectory } from "../../../support/cli/run-scopegate.ts";
import { decisionLine } from "../../../support/decisions/decision-lines.ts";

const API = "https://api.example";

function policyWith(scopes: readonly string[], others: readonly object[] = []) {
  return {
    issuers: { main: { issuer: "https://issuer.example", profile: "cognito" } },
    resourceServers: { [API]: { scopes: { "orders/read": "", "orders/write": "" } } },
    upstreams: { orders: { url: "https://orders.example" }, archive: { url: "https://archive.example" } },
    routes: [{ path: "/orders/:id", methods: ["GET"], scopes, upstream: "orders" }, ...others],
  };
}

const scratch = scratchDirectory();
const before = scratch.write("before.json", policyWith(["orders/read"]));
const stricter = scratch.write("stricter.json", policyWith(["orders/write"]));
const split = scratch.write(
  "split.json",
  policyWith(["orders/read"], [{ path: "/orders/new", methods: ["GET"], public: true, upstream: "archive" }]),
);

const READ = { route: "/orders/:id", required: [`${API}/orders/read`], granted: [`${API}/orders/read`] };
const DENIED = {
  ...READ,
  decision: "deny",
  reason: "scope-insufficient",
  status: 403,
  granted: [`${API}/orders/write`],
};
const log = (...lines: readonly object[]) => scratch.write("log", lines.map((line) => JSON.stringify(line)).join("\n"));

describe("a replay", () => {
  it("finds nothing under the policy that wrote the log", async () => {
    const file = log(decisionLine(READ), decisionLine(DENIED));
    const { exitCode, stdout, stderr } = await scopegate(
      "replay",
      "--log",
      file,
      "--policy",
      before,
      "--before",
      before,
    );
    expect(stdout).toContain("2 requests of 2 end as before.");
    expect([exitCode, stderr]).toEqual([0, ""]);
  });

  it("groups what ends otherwise by client, route and outcome, with the first example", async () => {
    const file = log(
      decisionLine({ ...READ, request_id: "first" }),
      decisionLine({ ...READ, request_id: "second" }),
      decisionLine({ ...READ, client_id: "web", request_id: "third" }),
      decisionLine({ ...DENIED, request_id: "fourth" }),
    );
    const { exitCode, stdout } = await scopegate("replay", "--log", file, "--policy", stricter, "--before", before);
    expect(stdout).toContain("Now refused: 3 requests\n  2  mobile  GET /orders/:id  scope-insufficient\n");
    expect(stdout).toContain("      such as first at 2026-11-28T15:00:00.000Z\n  1  web ");
    expect(stdout).toContain(
      "Now allowed: 1 request\n  1  mobile  GET /orders/:id  was scope-insufficient, goes to orders",
    );
    expect(stdout).toContain("0 requests of 4 end as before.");
    expect(exitCode).toBe(1);
  });

  it("counts each line for the requests that it stands for", async () => {
    const file = log(decisionLine({ ...READ, sample_share: 0.01 }), decisionLine({ ...READ, sample_share: 1 }));
    const { stdout } = await scopegate("replay", "--log", file, "--policy", stricter, "--before", before, "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      total: { lines: 2, requests: 101 },
      newlyRefused: { lines: 2, requests: 101 },
      changes: [{ kind: "newly-refused", client: "mobile", reasonAfter: "scope-insufficient", requests: 101 }],
    });
  });

  it("counts what nobody can tell, by cause, and tells it with the path", async () => {
    const file = log(
      decisionLine(READ),
      decisionLine({ ...READ, path: "/orders/7" }),
      decisionLine({ ...READ, path: "/orders/new" }),
    );
    const { stdout, exitCode } = await scopegate(
      "replay",
      "--log",
      file,
      "--policy",
      split,
      "--before",
      before,
      "--json",
    );
    expect(JSON.parse(stdout)).toMatchObject({
      before,
      unchanged: { lines: 1 },
      otherUpstream: { lines: 1 },
      untold: { pattern: { lines: 1, requests: 1 } },
      changes: [{ kind: "other-upstream", upstreamBefore: "orders", upstreamAfter: "archive" }],
    });
    expect(exitCode).toBe(1);
  });

  it("says what it passed over, and what it assumes", async () => {
    const file = log(decisionLine(READ), decisionLine({ ...READ, v: 99 }), { event: "keys" }, { event: "shadow" });
    const { stdout } = await scopegate("replay", "--log", file, "--policy", before);
    expect(stdout).toContain("Passed over: 2 lines about something else, 1 line of a newer version.");
    expect(stdout).toContain("Read 1 decision line from ");
    expect(stdout).toMatch(/assumed/i);
  });

  it("reads the oldest lines, which have no version and no time", async () => {
    const file = log(decisionLine({ ...READ, v: undefined, time: undefined }));
    const { stdout } = await scopegate("replay", "--log", file, "--policy", stricter, "--before", before);
    expect(stdout).toMatch(/such as [0-9a-f]{32}\n/);
    expect(stdout).toContain("\nRead 1 decision line.\n");
  });

  describe("under a policy with variables", () => {
    const issuer = `\${ISSUER_URL}`;
    const file = { ...policyWith(["orders/read"]), issuers: { main: { issuer, profile: "cognito" } } };
    const folder = scratch.folder();
    const policy = folder.write("routes.json", file);
    const vars = { ISSUER_URL: "https://staging.example" };
    const production = { vars: { ISSUER_URL: "https://issuer.example" } };
    folder.write("wrangler.json", { name: "gateway", vars, env: { production } });
    const elsewhere = scratch.folder().write("next.json", file);
    const run = (next: string, ...more: readonly string[]) =>
      scopegate("replay", "--log", log(decisionLine(READ)), "--policy", next, "--before", policy, ...more);

    it.each([policy, elsewhere])("knows the issuers of the environment", async (next) => {
      const { exitCode, stdout } = await run(next, "--env", "production");
      expect(stdout).toContain("1 request of 1 ends as before.");
      expect(stdout).not.toContain("--env");
      expect(exitCode).toBe(0);
    });

    it("says what to do where the issuers of the log are unknown", async () => {
      const { exitCode, stdout } = await run(policy);
      expect(stdout).toContain("issuer-unknown");
      expect(stdout).toContain("If it has variables, name the environment with --env.");
      expect(exitCode).toBe(1);
    });
  });

  it("escapes what the log holds", async () => {
    const file = log(decisionLine({ ...READ, client_id: "\u001b[2J\u202e" }));
    const { stdout } = await scopegate("replay", "--log", file, "--policy", stricter);
    expect(stdout).toContain("\\u{1b}[2J\\u{202e}");
  });

  it("of a log without decisions says so", async () => {
    const { exitCode, stdout } = await scopegate("replay", "--log", log({ event: "keys" }), "--policy", before);
    expect([exitCode, stdout.split("\n")[0]]).toEqual([0, "The log has no decision line."]);
  });

  it.each([
    { name: "no log", args: ["--policy", before], error: "scopegate replay: --log is missing. See --help.\n" },
    {
      name: "a log that is not there",
      args: ["--log", "none", "--policy", before],
      error: "none: There is no such file.\n",
    },
    {
      name: "a policy that is not there",
      args: ["--log", "none", "--policy", "no.json"],
      error: "no.json: There is no such file.\n",
    },
  ])("with $name is a usage error", async ({ args, error }) => {
    const { exitCode, stdout, stderr } = await scopegate("replay", ...args);
    expect([exitCode, stdout, stderr]).toEqual([2, "", error]);
  });
});
