import { expect, it } from "vitest";
import type { WranglerRoute } from "../../../src/cli/policy-file/read-environments.ts";
import { gatewayAddress } from "../../../src/cli/release/gateway-address.ts";
import { exampleFile } from "../../support/cli/run-scopegate.ts";
import { compiled } from "../../support/policy/policy-file.ts";

const domain = { pattern: "api.acme.dev", custom_domain: true };

it.each<{
  readonly name: string;
  readonly changes?: Readonly<Record<string, unknown>>;
  readonly routes?: readonly WranglerRoute[];
  readonly expected: string | undefined;
}>([
  { name: "nothing says it", expected: undefined },
  {
    name: "the public URL comes first",
    changes: { publicUrl: "https://public.acme.dev", hosts: ["host.acme.dev"] },
    routes: [domain],
    expected: "https://public.acme.dev",
  },
  { name: "a custom domain", routes: ["x.acme.dev/*", domain], expected: "https://api.acme.dev" },
  { name: "a route of a whole host", routes: ["api.acme.dev/v1/*", "x.acme.dev/*"], expected: "https://x.acme.dev" },
  { name: "a route with a scheme", routes: ["https://x.acme.dev/*"], expected: "https://x.acme.dev" },
  { name: "a route of many hosts does not count", routes: ["*.acme.dev/*"], expected: undefined },
  { name: "the first of the hosts", changes: { hosts: ["a.acme.dev", "b.acme.dev"] }, expected: "https://a.acme.dev" },
])("the address of a gateway: $name", ({ changes = {}, routes = [], expected }) => {
  const environment = { name: "production", vars: {}, services: new Map(), settings: { routes } };
  expect(gatewayAddress(compiled(exampleFile(changes)), environment)).toBe(expected);
});
