import { describe, expect, it } from "vitest";
import { type ClientHolder, clientAccess } from "../../../../src/policy/analysis/client-access.ts";
import { ClientEffects } from "../../../../src/policy/analysis/diff/client-effects.ts";
import { compiled, policyFileWith } from "../../../support/policy/policy-file.ts";

const policy = compiled(
  policyFileWith({
    clients: { reader: { scopes: ["read:orders"] }, writer: { scopes: ["write:orders"] } },
    routes: [
      { path: "/read", methods: ["GET"], scopes: ["read:orders"], upstream: "orders" },
      { path: "/write", methods: ["GET"], scopes: ["write:orders"], upstream: "orders" },
      { path: "/public", methods: ["GET"], public: true, upstream: "orders" },
    ],
  }),
);
const [read, write, open] = policy.routes.map(({ requirement }) => requirement);
const holders = new Map(clientAccess(policy).map(({ client, holder }) => [client.name, holder]));
const [reader, writer] = [holders.get("reader"), holders.get("writer")];

interface Case {
  readonly before: ClientHolder | undefined;
  readonly after: ClientHolder | undefined;
  readonly still?: readonly (ClientHolder | undefined)[];
}

const effectsFor = ({ before, after, still = [] }: Case) => new ClientEffects([{ holders: { before, after, still } }]);

describe("the effect of a requirement on a client's calls", () => {
  it.each([
    { name: "none, if both are met", before: reader, after: reader, old: read, now: open, expected: undefined },
    { name: "none, if none is met", before: reader, after: reader, old: write, now: write, expected: undefined },
    {
      name: "gained, if only the new one is met",
      before: reader,
      after: reader,
      old: write,
      now: read,
      expected: "gained",
    },
    { name: "gained, if a route is new", before: reader, after: reader, old: undefined, now: read, expected: "gained" },
    {
      name: "lost, if only the old one is met",
      before: reader,
      after: reader,
      old: read,
      now: write,
      expected: "lost",
    },
    { name: "lost, if no route is left", before: reader, after: reader, old: read, now: undefined, expected: "lost" },
    { name: "lost, if the client is gone", before: reader, after: undefined, old: read, now: read, expected: "lost" },
    {
      name: "unenforced, if a token of the old registration still meets it",
      ...{ before: reader, after: writer, still: [undefined, reader], old: read, now: read },
      expected: "unenforced",
    },
    {
      name: "lost, if no token of the old registration meets it",
      ...{ before: reader, after: writer, still: [undefined, writer], old: read, now: read },
      expected: "lost",
    },
    { name: "none on a public route", before: reader, after: undefined, old: open, now: open, expected: undefined },
  ])("is $name", ({ old, now, expected, ...holders }) => {
    expect(
      effectsFor(holders)
        .of(old, now)
        .map(({ effect }) => effect),
    ).toEqual(expected ? [expected] : []);
  });

  it("is told for each client that notices, in their order", () => {
    const clients = [
      { name: "a", holders: { before: reader, after: reader, still: [] } },
      { name: "b", holders: { before: undefined, after: undefined, still: [] } },
      { name: "c", holders: { before: writer, after: writer, still: [] } },
    ];
    const told = new ClientEffects(clients).of(read, write).map(({ client, effect }) => `${client.name} ${effect}`);
    expect(told).toEqual(["a lost", "c gained"]);
  });
});
