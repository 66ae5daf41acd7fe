import { expect, it } from "vitest";
import { bindingTargets } from "../../../src/cli/policy-file/binding-targets.ts";

it("the bindings that upstreams can name, and no others", () => {
  const targets = bindingTargets({
    services: [{ binding: "A", service: "a" }],
    vpc_services: [{ binding: "B", service_id: "b" }],
    vpc_networks: [
      { binding: "C", network_id: "c" },
      { binding: "D", tunnel_id: "d" },
    ],
    mtls_certificates: [{ binding: "E", certificate_id: "e" }],
    secrets_store_secrets: [{ binding: "F", store_id: "f", secret_name: "g" }],
    kv_namespaces: [{ binding: "JWKS" }],
  });
  expect(Array.from(targets, ([name, { kind, target }]) => `${name} ${kind}: ${target}`)).toEqual([
    "A service: a",
    "B vpc-service: VPC service b",
    "C vpc-network: VPC network c",
    "D vpc-network: VPC network d",
    "E mtls-certificate: certificate e",
    "F stored-secret: g of store f",
  ]);
  expect(bindingTargets({}).size).toBe(0);
});
