import { describe, expect, it } from "vitest";
import { whyLink } from "../../../../src/cli/console/live/why-link.ts";
import { readDecisionLine } from "../../../../src/cli/decisions/decision-line.ts";
import { decisionLine } from "../../../support/decisions/decision-lines.ts";
import { compiled } from "../../../support/policy/policy-file.ts";

const POLICY = compiled({
  issuers: {
    main: { profile: "rfc9068", issuer: "https://issuer.example", audiences: ["https://api.example"] },
    second: { profile: "rfc9068", issuer: "https://second.example", audiences: ["https://api.example"] },
  },
  resourceServers: { "https://api.example": { scopes: { read: "Read", write: "Write" } } },
  upstreams: { orders: { url: "https://orders.example" } },
  clients: { mobile: { id: "4k2j", issuer: "main", scopes: ["read", "write"] } },
  routes: [{ path: "/orders/:id", methods: ["GET"], scopes: ["read"], upstream: "orders" }],
});

function link(members: Readonly<Record<string, unknown>>) {
  const nothing = { issuer: undefined, client_id: undefined, granted: undefined };
  const line = readDecisionLine(decisionLine({ route: "/orders/:id", ...nothing, ...members }));
  if (typeof line === "string") throw new Error(line);
  return whyLink(line, POLICY);
}

const MOBILE = { issuer: "https://issuer.example", client_id: "4k2j" };
const PATH = "/why?method=GET&path=/orders/%7Eany%7E";

describe("whyLink asks", () => {
  it.each([
    {
      name: "as a registered client, with the scopes that its token had",
      members: { ...MOBILE, granted: ["read"] },
      expected: { href: `${PATH}&client=mobile&scope=read`, assumed: "the path /orders/~any~" },
    },
    {
      name: "as a client of the same id at another issuer, which is not the registered one",
      members: { ...MOBILE, issuer: "https://second.example", granted: ["read", "write"] },
      expected: { href: `${PATH}&scope=read+write&issuer=second`, assumed: "the path /orders/~any~" },
    },
    {
      name: "without a caller, if there was none",
      members: { decision: "deny", status: 401, reason: "credentials-missing" },
      expected: { href: PATH, assumed: "the path /orders/~any~" },
    },
    {
      name: "without the token that was refused, and says so",
      members: { decision: "deny", status: 401, reason: "signature-invalid" },
      expected: { href: PATH, assumed: "the path /orders/~any~, no token" },
    },
    {
      name: "with a valid token of a client whose token has expired, and says so",
      members: { ...MOBILE, decision: "deny", status: 401, reason: "token-expired" },
      expected: { href: `${PATH}&client=mobile`, assumed: "the path /orders/~any~, a token that is valid" },
    },
    {
      name: "with all scopes of a client whose token had none, and says so",
      members: { ...MOBILE, decision: "deny", status: 403, reason: "scope-insufficient", granted: [] },
      expected: { href: `${PATH}&client=mobile`, assumed: "the path /orders/~any~, all scopes of the client" },
    },
    {
      name: "for a pattern without parameters, which is the path",
      members: { route: "/orders" },
      expected: { href: "/why?method=GET&path=/orders", assumed: "" },
    },
    {
      name: "for the path that the policy writes to the log",
      members: { path: "/orders/17" },
      expected: { href: "/why?method=GET&path=/orders/17", assumed: "" },
    },
    {
      name: "for the path of a request that no route serves, if it is in the log",
      members: { route: undefined, path: "/nowhere", decision: "deny", status: 404, reason: "route-unknown" },
      expected: { href: "/why?method=GET&path=/nowhere", assumed: "" },
    },
    {
      name: "for a made-up path, where the log's was cut",
      members: { path: "/orders/17..." },
      expected: { href: PATH, assumed: "the path /orders/~any~" },
    },
    {
      name: "for a made-up path, where the log's looked like a token",
      members: { path: "/orders/[token]" },
      expected: { href: PATH, assumed: "the path /orders/~any~" },
    },
    {
      name: "for a method that the path does not serve, whose pattern has no names",
      members: { method: "PUT", route: "/orders/:", decision: "deny", status: 405, reason: "method-not-allowed" },
      expected: { href: "/why?method=PUT&path=/orders/%7Eany%7E", assumed: "the path /orders/~any~" },
    },
    {
      name: "for an MCP message",
      members: { method: "POST", route: "/mcp", mcp_method: "tools/call", mcp_name: "refund" },
      expected: { href: "/why?method=POST&path=/mcp&message=tools/call+refund", assumed: "" },
    },
  ])("$name", ({ members, expected }) => {
    expect(link(members)).toEqual(expected);
  });

  it.each([
    { name: "about a request without route and path", members: { route: undefined } },
    { name: "that would be longer than addresses may be", members: { ...MOBILE, granted: ["x".repeat(8_000)] } },
  ])("nothing $name", ({ members }) => {
    expect(link(members)).toBeUndefined();
  });

  it("never for the subject, which may be personal data", () => {
    expect(link({ ...MOBILE, subject: "alice@example.com", granted: [] })?.href).not.toContain("alice");
  });
});
