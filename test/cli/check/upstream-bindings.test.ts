import { describe, expect, it } from "vitest";
import { upstreamBindings } from "../../../src/cli/check/upstream-bindings.ts";
import type { WranglerSettings } from "../../../src/cli/policy-file/read-environments.ts";
import { compiled, policyFileWith } from "../../support/policy/policy-file.ts";

describe("the secret of assertions", () => {
  const assertion = { issuer: "https://gw.example", trustDomain: "internal.example", keys: { secret: "KEYS" } };
  const policy = compiled(policyFileWith({ assertion }));
  it.each<{ name: string; settings: WranglerSettings | undefined; codes: string[] }>([
    { name: "that is required", settings: { secrets: { required: ["KEYS"] } }, codes: [] },
    { name: "without a wrangler file", settings: undefined, codes: [] },
    { name: "that is missing", settings: {}, codes: ["unbound-secret"] },
    { name: "that is a var", settings: { vars: { KEYS: "{}" } }, codes: ["plain-secret"] },
  ])("$name", ({ settings, codes }) => {
    const findings = upstreamBindings(policy, settings);
    expect(findings.map(({ code }) => code)).toEqual(codes);
    for (const { path } of findings) expect(path).toEqual(["assertion", "keys", "secret"]);
  });
});

describe("the secret of nonces", () => {
  const policy = compiled(policyFileWith({ dpop: { nonce: { secret: "NONCES" } } }));
  const stored = { secrets_store_secrets: [{ binding: "NONCES", store_id: "a", secret_name: "b" }] };
  it.each<{ name: string; settings: WranglerSettings | undefined; codes: string[] }>([
    { name: "that is required", settings: { secrets: { required: ["NONCES"] } }, codes: [] },
    { name: "without a wrangler file", settings: undefined, codes: [] },
    { name: "that is missing", settings: {}, codes: ["unbound-secret"] },
    { name: "that is in a Secrets Store", settings: stored, codes: ["unbound-secret"] },
    { name: "that is a var", settings: { vars: { NONCES: "a" } }, codes: ["plain-secret"] },
  ])("$name", ({ settings, codes }) => {
    const findings = upstreamBindings(policy, settings);
    expect(findings.map(({ code }) => code)).toEqual(codes);
    for (const { path, hint } of findings) {
      expect(path).toEqual(["dpop", "nonce", "secret"]);
      expect(hint).not.toContain("secrets_store_secrets");
    }
  });
});

function found(upstream: Readonly<Record<string, unknown>>, settings: WranglerSettings | undefined) {
  const policy = compiled(policyFileWith({ upstreams: { orders: upstream } }));
  return upstreamBindings(policy, settings).map(
    ({ code, severity, path, message, hint }) => `${severity} ${code} ${path.join(".")}: ${message} ${hint}`,
  );
}

const SERVICE = { services: [{ binding: "ERP", service: "erp" }] };
const VPC = { vpc_services: [{ binding: "ERP", service_id: "a" }] };
const NETWORK = { vpc_networks: [{ binding: "ERP", network_id: "a" }] };
const CERTIFICATE = { mtls_certificates: [{ binding: "ERP", certificate_id: "a" }] };
const STORED = { secrets_store_secrets: [{ binding: "ERP", store_id: "a", secret_name: "b" }] };

describe("the binding of an upstream", () => {
  const via = { url: "https://erp.example", via: "ERP" };
  const plain = { ...via, url: "http://erp.internal" };
  const service = { service: "ERP" };
  it.each<{ name: string; upstream: Record<string, unknown>; settings: WranglerSettings; expected: string[] }>([
    { name: "via a service", upstream: plain, settings: SERVICE, expected: [] },
    { name: "via a VPC service", upstream: plain, settings: VPC, expected: [] },
    { name: "via a VPC network", upstream: plain, settings: NETWORK, expected: [] },
    { name: "via a certificate", upstream: via, settings: CERTIFICATE, expected: [] },
    {
      name: "via a certificate, over http",
      upstream: plain,
      settings: CERTIFICATE,
      expected: ["error unencrypted-via upstreams.orders.url: "],
    },
    { name: "via nothing", upstream: via, settings: {}, expected: ["error unbound-via upstreams.orders.via: "] },
    { name: "via a secret", upstream: via, settings: STORED, expected: ["error unbound-via upstreams.orders.via: "] },
    {
      name: "via another name",
      upstream: { ...via, via: "erp" },
      settings: VPC,
      expected: ["error unbound-via upstreams.orders.via: "],
    },
    {
      name: "via the gateway's own",
      upstream: { ...via, via: "JWKS" },
      settings: { kv_namespaces: [{ binding: "JWKS" }] },
      expected: ["error own-binding upstreams.orders.via: "],
    },
    { name: "a service", upstream: service, settings: SERVICE, expected: [] },
    {
      name: "a service that is none",
      upstream: service,
      settings: {},
      expected: [
        "error unbound-service upstreams.orders.service: There is no service binding `ERP`. Add it to [[services]]",
      ],
    },
    {
      name: "a service that is a VPC service",
      upstream: service,
      settings: VPC,
      expected: [
        "error unbound-service upstreams.orders.service: There is no service binding `ERP`. The binding is of another kind: ",
      ],
    },
  ])("$name", ({ upstream, settings, expected }) => {
    expect(found(upstream, settings)).toEqual(expected.map((text) => expect.stringContaining(text)));
  });

  it("is named by the lines to add", () => {
    expect(found(via, {}).join()).toContain('`vpc_services = [{ binding = "ERP", service_id = "..." }]`');
  });

  it("is not looked for without a wrangler file", () => {
    expect([...found(via, undefined), ...found(service, undefined), ...found(plain, undefined)]).toEqual([]);
  });
});

describe("the secret of an upstream", () => {
  const keyed = (secret: string) => ({ url: "https://orders.example", headers: { "x-key": { secret } } });
  const at = "upstreams.orders.headers.x-key.secret";
  it.each<{ name: string; secret?: string; settings: WranglerSettings | undefined; expected: string[] }>([
    { name: "that is required", settings: { secrets: { required: ["ERP"] } }, expected: [] },
    { name: "of a store", settings: STORED, expected: [] },
    { name: "without a wrangler file", settings: undefined, expected: [] },
    {
      name: "that is missing",
      settings: { secrets: { required: ["OTHER"] } },
      expected: [
        `error unbound-secret ${at}: There is no secret \`ERP\`. Add \`secrets = { required = ["OTHER", "ERP"] }\``,
      ],
    },
    { name: "that is a service", settings: SERVICE, expected: [`error unbound-secret ${at}: `] },
    {
      name: "that is a var",
      settings: { vars: { ERP: "s3cr3t" }, secrets: { required: ["ERP"] } },
      expected: [`error plain-secret ${at}: `],
    },
    { name: "that is the gateway's own", secret: "JWKS", settings: {}, expected: [`error own-binding ${at}: `] },
  ])("$name", ({ secret = "ERP", settings, expected }) => {
    const findings = found(keyed(secret), settings);
    expect(findings).toEqual(expected.map((text) => expect.stringContaining(text)));
    expect(findings.join()).not.toContain("s3cr3t");
  });
});
