import { expect, it } from "vitest";
import { lintsOf, withMembers } from "../../../../../support/policy/lints.ts";

const issuer = (name: string, mtls: string) => ({
  ...{ issuer: `https://${name}.example`, profile: "generic", audiences: ["api"] },
  binding: { mtls },
});
const route = (path: string, members: object) => ({ path, methods: ["GET"], upstream: "orders", ...members });
const ANY = route("/any", { authenticated: true });
const BOUND = route("/bound", { authenticated: true, senderConstrained: true });
const PARTNERS = route("/partners", { authenticated: true, issuers: ["partner"], senderConstrained: true });
const OPEN = route("/open", { public: true });
const FOUND = "unused-binding $.issuers.main.binding";

it.each([
  { name: "is found where no route asks", modes: ["accepted", "refused"], routes: [ANY, OPEN], expected: [FOUND] },
  { name: "is not found where a route asks", modes: ["accepted", "refused"], routes: [ANY, BOUND], expected: [] },
  {
    name: "is found where only routes for others ask",
    modes: ["accepted", "accepted"],
    routes: [ANY, PARTNERS],
    expected: [FOUND],
  },
  { name: "is not found where the issuer requires it", modes: ["required", "refused"], routes: [ANY], expected: [] },
  { name: "is not found where it is refused", modes: ["refused", "refused"], routes: [ANY], expected: [] },
  {
    name: "is not found where no route accepts the issuer",
    modes: ["accepted", "accepted"],
    routes: [PARTNERS, OPEN],
    expected: [],
  },
  {
    name: "is found on optional routes",
    modes: ["accepted", "refused"],
    routes: [route("/may", { optional: true })],
    expected: [FOUND],
  },
])("a binding that is accepted $name", ({ modes: [main = "", partner = ""], routes, expected }) => {
  const issuers = { main: issuer("main", main), partner: issuer("partner", partner) };
  const lints = lintsOf(withMembers({ issuers, routes, resourceServers: {}, clients: {} }));
  expect(lints.filter((lint) => lint.startsWith("unused-binding"))).toEqual(expected);
});
