/** What the command line prints and writes of a policy whose upstream gets a secret: its name, and nothing else. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scopegate, scratchDirectory } from "../../support/cli/run-scopegate.ts";

const SECRET = "s3cr3t-of-the-erp";
const FORMS = [
  SECRET,
  "s3cr3t",
  Buffer.from(SECRET).toString("base64").replace(/=+$/, ""),
  Buffer.from(SECRET).toString("hex"),
];
const POLICY = (secret: unknown, more: object = {}) => ({
  upstreams: {
    erp: { url: "http://erp.internal", via: "ERP", headers: { "x-env": "prod", "x-key": secret }, ...more },
  },
  routes: [{ path: "/erp", methods: ["GET"], public: true, upstream: "erp" }],
});

const scratch = scratchDirectory();
/** Without a wrangler file. */
const alone = scratchDirectory();
const start = process.cwd();
beforeAll(() => {
  process.chdir(scratch.path);
  scratch.write(".dev.vars", `ERP_KEY="${SECRET}"\n`);
  scratch.write(
    "wrangler.toml",
    [
      'name = "t"',
      'main = "x.ts"',
      'compatibility_date = "2026-08-01"',
      'services = [{ binding = "ERP", service = "erp" }]',
      'secrets = { required = ["ERP_KEY"] }',
    ].join("\n"),
  );
  scratch.write("routes.json", POLICY({ secret: "ERP_KEY" }));
  scratch.write("next.json", POLICY({ secret: "NEXT_KEY" }, { retry: true }));
});
afterAll(() => process.chdir(start));

describe("a secret of an upstream", () => {
  it.each([
    { args: ["explain", "GET", "/erp"], shown: "(secret ERP_KEY)" },
    { args: ["explain", "GET", "/erp"], shown: "http://erp.internal/erp through ERP" },
    { args: ["explain", "GET", "/erp", "--json"], shown: "(secret ERP_KEY)" },
    { args: ["diff", "routes.json", "next.json"], shown: "x-key has another value or secret now" },
    { args: ["diff", "routes.json", "next.json", "--json"], shown: "x-key has another value or secret now" },
    { args: ["check", "--json"], shown: "findings" },
    { args: ["matrix"], shown: "/erp" },
    { args: ["prove"], shown: "" },
  ])("is a name in the output of $args: $shown", async ({ args, shown }) => {
    const { stdout, stderr } = await scopegate(...args);
    expect(stdout + stderr).toContain(shown);
    expect(FORMS.filter((form) => (stdout + stderr).includes(form))).toEqual([]);
  });

  it("is a name in the compiled policy", async () => {
    const output = join(alone.path, "dist/policy.json");
    await scopegate("check", "--policy", alone.write("routes.json", POLICY({ secret: "ERP_KEY" })), "--output", output);
    expect(existsSync(output)).toBe(true);
    const text = readFileSync(output, "utf8");
    expect(text).toContain('"ERP_KEY"');
    expect(FORMS.filter((form) => text.includes(form))).toEqual([]);
  });

  it.each([SECRET, `${SECRET} `, `Bearer ${SECRET}`])(
    "is not repeated where it stands in the policy itself: %s",
    async (secret) => {
      scratch.write("wrong.json", POLICY({ secret }));
      for (const args of [["check"], ["check", "--json"], ["explain", "GET", "/erp"], ["matrix"]]) {
        const { stdout, stderr, exitCode } = await scopegate(...args, "--policy", "wrong.json");
        expect(exitCode).not.toBe(0);
        expect(stdout + stderr).not.toContain("s3cr3t");
      }
    },
  );
});
