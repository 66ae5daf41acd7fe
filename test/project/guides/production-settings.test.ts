import { describe, expect, it } from "vitest";
import { ALL_REASONS } from "../../../src/answer/all-reasons.ts";
import { createKeyStore } from "../../../src/keys/key-store.ts";
import {
  DEFAULT_UPSTREAM_TIMEOUT_MS,
  KV_READ_TIMEOUT_MS,
  MAX_PATH_BYTES,
  MAX_TOKEN_BYTES,
} from "../../../src/limits.ts";
import { scopegate, scratchDirectory } from "../../support/cli/run-scopegate.ts";
import { ISSUER, newJwk } from "../../support/keys/virtual-world.ts";
import { codeBlocks } from "../../support/project/code-blocks.ts";
import { expectGuideToSay, GUIDE } from "../../support/project/production-guide.ts";
import { projectFile, SHOP_POLICY, SHOP_WRANGLER, tableRows } from "../../support/project/project-files.ts";
import { NOW_MS } from "../../support/token/tokens.ts";

describe("the alerts of the guide", () => {
  const rows = tableRows(GUIDE, ["alert", "filters", "fires at", "then"]);
  const members = new Set([
    ...tableRows(projectFile("docs/reference/log.md"), ["member", "type", "value"]).flatMap(([names = ""]) =>
      quoted(names),
    ),
    "change",
  ]);

  function quoted(cell: string): readonly string[] {
    return Array.from(cell.matchAll(/`([^`]+)`/g), ([, name = ""]) => name);
  }

  it("are five", () => {
    expect(rows).toHaveLength(5);
  });

  it.each(rows)("filter by what the log has: %s", (_alert, filters = "") => {
    const reasons = /`reason`[^`]*`([^`]+)`/.exec(filters)?.[1]?.split("|") ?? [];
    expect(reasons.filter((reason) => !Object.hasOwn(ALL_REASONS, reason))).toEqual([]);
    const changes = tableRows(projectFile("docs/guides/keys.md"), ["`change`", "when", "with"]).flatMap(([name = ""]) =>
      quoted(name),
    );
    const known = new Set([...members, ...reasons, ...changes, "keys", reasons.join("|")]);
    expect(quoted(filters).filter((name) => !known.has(name))).toEqual([]);
    expect(quoted(filters).length).toBeGreaterThan(1);
  });
});

describe("the sizes of the guide", () => {
  const rows = new Map(
    tableRows(GUIDE, ["what", "the gateway", "Cloudflare", "the caller gets"]).map(([what = "", own = ""]) => [
      what,
      own,
    ]),
  );

  it("are those of the gateway", () => {
    expect(rows.get("path")).toBe(`${MAX_PATH_BYTES / 1024} KiB`);
    expect(rows.get("token")).toBe(`${MAX_TOKEN_BYTES / 1024} KiB`);
    const wait = rows.get("wait for an upstream's headers, the caller's upload included");
    expect(wait).toBe(`\`timeoutMs\`, ${DEFAULT_UPSTREAM_TIMEOUT_MS / 1000} s`);
    expectGuideToSay(`| KV down or slow | ${KV_READ_TIMEOUT_MS} ms |`);
  });
});

describe("the address of the guide", () => {
  const scratch = scratchDirectory();
  const [shown] = codeBlocks(GUIDE).filter(({ text }) => text.startsWith("[env.production]"));

  /** The exit code of `check`, and its errors, for the shop with these lines at the top of its production. */
  async function check(production: string): Promise<readonly string[]> {
    const wrangler = projectFile(SHOP_WRANGLER).replace(/^\[env\.production\]\nname = .*\n/m, production);
    expect(wrangler).toContain(production);
    const policy = scratch.write("routes.json", projectFile(SHOP_POLICY));
    scratch.write("wrangler.toml", wrangler);
    const { stdout } = await scopegate("check", "--policy", policy, "--env", "production", "--json");
    const { findings } = JSON.parse(stdout) as { findings: { severity: string; code: string }[] };
    return findings.filter(({ severity }) => severity === "error").map(({ code }) => code);
  }

  it("passes check", async () => {
    expect(await check(shown?.text ?? "")).toEqual([]);
  });

  it.each([
    {
      name: "the route beside it",
      from: '"api.acme.dev", custom_domain = true',
      to: '"api.acme.dev/v1/*", zone_name = "acme.dev"',
      code: "partial-route",
    },
    { name: "workers.dev", from: "routes", to: "workers_dev = true\nroutes", code: "workers-dev" },
    { name: "version URLs", from: "routes", to: "preview_urls = true\nroutes", code: "version-urls" },
  ])("does not pass with $name", async ({ from, to, code }) => {
    expect(await check((shown?.text ?? "").replace(from, to))).toEqual([code]);
  });
});

describe("the limits that wrangler.toml sets", () => {
  const [, cpuMs, subrequests] =
    /^limits = \{ cpu_ms = (\d+), subrequests = (\d+) \}$/m.exec(projectFile(SHOP_WRANGLER)) ?? [];

  it("are those of the guide", () => {
    expectGuideToSay(`\`limits.cpu_ms\`, ${cpuMs} as shipped`);
    expectGuideToSay(`\`limits.subrequests\`, ${subrequests} as shipped`);
  });

  it("are enough for the cron trigger and as many issuers as the guide says", async () => {
    const calls: string[] = [];
    const keys = createKeyStore({
      issuers: [ISSUER],
      kv: {
        get: async () => {
          calls.push("get");
          return null;
        },
        put: async () => void calls.push("put"),
      },
      fetch: async () => {
        calls.push("fetch");
        return Response.json({ keys: [await newJwk("key-1")] });
      },
      now: () => NOW_MS,
      sleep: () => new Promise(() => {}),
      log: () => {},
    });
    await keys.refreshAll(() => {});
    expect(calls).toEqual(["get", "fetch", "put"]);
    expectGuideToSay(`three for each issuer, so raise it for more than ${Math.floor(Number(subrequests) / 3)}`);
  });
});
