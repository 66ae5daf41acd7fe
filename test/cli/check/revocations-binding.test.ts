import { expect, it } from "vitest";
import { revocationsBinding } from "../../../src/cli/check/revocations-binding.ts";
import type { WranglerSettings } from "../../../src/cli/policy-file/read-environments.ts";
import { scopegate, scratchDirectory } from "../../support/cli/run-scopegate.ts";
import { compiled, policyFileWith } from "../../support/policy/policy-file.ts";

it.each<{ name: string; members?: object; settings: WranglerSettings | undefined; expected: string[] }>([
  { name: "nothing without revocation", settings: {}, expected: [] },
  { name: "nothing where there is no wrangler file", members: { revocation: {} }, settings: undefined, expected: [] },
  {
    name: "nothing where the namespace is bound",
    members: { revocation: {} },
    settings: { kv_namespaces: [{ binding: "JWKS" }, { binding: "REVOCATIONS" }] },
    expected: [],
  },
  {
    name: "a missing namespace",
    members: { revocation: {} },
    settings: { kv_namespaces: [{ binding: "JWKS" }, { binding: "revocations" }] },
    expected: ["error unbound-revocations revocation"],
  },
  {
    name: "something else in place of a namespace",
    members: { revocation: {} },
    settings: { services: [{ binding: "REVOCATIONS", service: "x" }] },
    expected: ["error unbound-revocations revocation"],
  },
])("check finds $name", ({ members = {}, settings, expected }) => {
  const found = revocationsBinding(compiled(policyFileWith({ ...members })), settings);
  expect(found.map(({ code, severity, path }) => `${severity} ${code} ${path.join(".")}`)).toEqual(expected);
});

const scratch = scratchDirectory();

it("check names the environments that lack the namespace, though the policy has no variable", async () => {
  const policy = scratch.write("routes.json", JSON.stringify(policyFileWith({ revocation: {} })));
  scratch.write(
    "wrangler.toml",
    'name = "gateway"\nkv_namespaces = [{ binding = "REVOCATIONS" }]\n' +
      '[env.bound]\nkv_namespaces = [{ binding = "REVOCATIONS" }]\n[env.other]\n',
  );
  const { stdout, exitCode } = await scopegate("check", "--policy", policy, "--json");
  const { findings } = JSON.parse(stdout) as { findings: { code: string; environments?: string[] }[] };
  expect(exitCode).toBe(1);
  expect(findings.filter(({ code }) => code === "unbound-revocations")).toMatchObject([{ environments: ["other"] }]);
});
