import { expect, it } from "vitest";
import { valueClients } from "../../../../src/cli/console/routes/value-clients.ts";
import { compiled, policyFileWith } from "../../../support/policy/policy-file.ts";

const upstream = "orders";
const base = { issuer: "https://issuer.example", profile: "generic", audiences: ["https://api.example"] };
const grants = { groups: { staff: ["read:orders", "write:orders"], others: ["read:orders"] } };
const clients = {
  reader: { scopes: ["read:orders"] },
  writer: { scopes: ["write:orders"] },
};
const routes = [
  { path: "/a", methods: ["GET"], scopes: ["read:orders"], upstream },
  { path: "/a", methods: ["POST"], scopes: ["write:orders"], upstream },
  { path: "/b", methods: ["GET"], scopes: ["write:orders"], report: { until: "2027-01-31" }, upstream },
];

it.each([
  {
    name: "any client where the issuer accepts any",
    file: { issuers: { main: { ...base, grants } } },
    expected: [
      [undefined, undefined],
      [undefined, undefined],
      [undefined, undefined],
    ],
  },
  {
    name: "a registered client that may call, otherwise the first one, where clients must be registered",
    file: { issuers: { main: { ...base, grants, registeredClientsOnly: true } }, clients },
    expected: [
      ["reader", "reader"],
      ["writer", "reader"],
      // What the route will require decides, because the reason says that, too.
      ["writer", "reader"],
    ],
  },
  {
    name: "any client where no client is registered, so that the reason is that none is accepted",
    file: { issuers: { main: { ...base, grants, registeredClientsOnly: true } }, clients: {} },
    expected: [
      [undefined, undefined],
      [undefined, undefined],
      [undefined, undefined],
    ],
  },
  {
    name: "nobody where no value grants scopes",
    file: { issuers: { main: base }, clients },
    expected: [[], [], []],
  },
])("the reason of a value is that of $name", ({ file, expected }) => {
  expect(valueClients(compiled(policyFileWith({ routes, ...file })))).toEqual(expected);
});
