import { expect, it } from "vitest";
import { scopegate, scratchDirectory } from "../../support/cli/run-scopegate.ts";

const old = scratchDirectory();
const next = scratchDirectory();
const POLICY = {
  upstreams: { erp: { url: "http://erp.internal", via: "ERP", headers: { "x-key": { secret: "KEY" } } } },
  routes: [{ path: "/erp", methods: ["GET"], public: true, upstream: "erp" }],
};
const WRANGLER = (service: string, secret: string) => `
name = "t"
main = "x.ts"
compatibility_date = "2026-08-01"
vpc_services = [{ binding = "ERP", service_id = "${service}" }]
secrets_store_secrets = [{ binding = "KEY", store_id = "s", secret_name = "${secret}" }]
`;

it.each([
  { name: "nothing", now: WRANGLER("one", "first"), expected: [] },
  {
    name: "where a `via` and a stored secret lead",
    now: WRANGLER("two", "second"),
    expected: [
      "moved The binding ERP leads to VPC service two. Before, it led to VPC service one.",
      "moved The binding KEY leads to second of store s. Before, it led to first of store s.",
    ],
  },
])("diff finds $name that moved in wrangler's file, though the policy is the same", async ({ now, expected }) => {
  old.write("wrangler.toml", WRANGLER("one", "first"));
  next.write("wrangler.toml", now);
  const { stdout } = await scopegate(
    "diff",
    old.write("routes.json", POLICY),
    next.write("routes.json", POLICY),
    "--json",
  );
  const { settings } = JSON.parse(stdout) as { settings: { kind: string; message: string }[] };
  expect(settings.map(({ kind, message }) => `${kind} ${message}`)).toEqual(expected);
});
