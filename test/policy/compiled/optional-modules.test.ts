import { describe, expect, it } from "vitest";
import { usedFeatures } from "../../../src/features/usage/used-features.ts";
import { loadCompiledPolicy } from "../../../src/policy/compiled/load-compiled-policy.ts";
import { OPTIONAL_MODULES } from "../../../src/policy/compiled/optional-modules.ts";
import { compileForWorker } from "../../../src/policy/compiled/serialize-policy.ts";
import { FEATURE_POLICIES } from "../../support/policy/feature-policies.ts";
import { compiled, policyFile, policyFileWith, policyFileWithRoute } from "../../support/policy/policy-file.ts";

type Name = keyof typeof OPTIONAL_MODULES;

const ORDERS = { url: "https://orders.example" };
const withUpstream = (members: object) => policyFileWith({ upstreams: { orders: { ...ORDERS, ...members } } });
const names = Object.keys(OPTIONAL_MODULES) as Name[];

const USING: readonly { readonly name: string; readonly file: object; readonly uses: Name }[] = [
  ...names.map((uses) => ({ name: uses, file: FEATURE_POLICIES[uses], uses })),
  {
    name: "a condition on a parameter of the path",
    file: policyFileWithRoute({ path: "/orders/:owner", scopes: [{ param: "owner", equals: "sub" }] }),
    uses: "conditions",
  },
  {
    name: "headers with other characters",
    file: withUpstream({ allowHeaderNames: ["x_legacy"] }),
    uses: "own-headers",
  },
  {
    name: "a secret in a header",
    file: withUpstream({ headers: { "x-key": { secret: "KEY" } } }),
    uses: "own-headers",
  },
];

const UNUSING = [
  { name: "nothing of the kind", file: policyFile() },
  { name: "no header", file: withUpstream({ headers: {} }) },
  {
    name: "a claim of authentication that no route asks for",
    file: policyFileWith({
      issuers: { main: { issuer: "https://issuer.example", profile: "cognito", acrClaim: "acrs", acrOrder: ["1"] } },
    }),
  },
  { name: "hosts that no route names", file: policyFileWith({ hosts: ["gateway.example"] }) },
];

function faultsOfLoading(file: object, modules: Parameters<typeof loadCompiledPolicy>[2]): readonly string[] {
  const stored = compileForWorker(file, {});
  if (!stored.ok) throw new Error(JSON.stringify(stored.failure));
  const loaded = loadCompiledPolicy(JSON.parse(JSON.stringify(stored.value)), {}, modules);
  return loaded.ok ? [] : loaded.failure.map(({ message }) => message);
}

describe.each(USING)("a compiled policy with $name", ({ file, uses }) => {
  it("does not load without its module", () => {
    const absent = `The Worker was built for another policy: it has no module for \`${uses}\`.`;
    expect(faultsOfLoading(file, { ...OPTIONAL_MODULES, [uses]: undefined })).toContain(absent);
  });

  it("loads with its module alone, which the build puts into its Worker", () => {
    expect(faultsOfLoading(file, { [uses]: OPTIONAL_MODULES[uses] })).toEqual([]);
    expect(usedFeatures(compiled(file))).toEqual([uses]);
  });
});

describe.each(UNUSING)("a compiled policy with $name", ({ file }) => {
  it("loads without any module, and the build puts none into its Worker", () => {
    expect(faultsOfLoading(file, {})).toEqual([]);
    expect(usedFeatures(compiled(file))).toEqual([]);
  });
});

it("what a variable brings in does not load without its module", () => {
  const issuer = `\${ISSUER}`;
  const file = policyFileWith({
    issuers: { main: { issuer, jwksUri: "https://login.example/keys", profile: "cognito" } },
  });
  const stored = compileForWorker(file, { ISSUER: "https://login.example/one" });
  if (!stored.ok) throw new Error(JSON.stringify(stored.failure));
  const loaded = loadCompiledPolicy(stored.value, { ISSUER: "https://login.example/{tenant}" }, {});
  expect(loaded.ok ? [] : loaded.failure.map(({ message }) => message)).toEqual([
    "The Worker was built for another policy: it has no module for `tenants`.",
  ]);
});
