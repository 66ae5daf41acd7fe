import { describe, expect, it } from "vitest";
import {
  describeDisagreement,
  describeOutcome,
  describeTarget,
  shortNames,
  text,
} from "../../../src/cli/decisions/describe-line.ts";

describe("what a line is about", () => {
  it.each([
    { name: "the pattern that matched", line: { route: "/orders/:id" }, expected: "/orders/:id" },
    { name: "that of the candidate policy, if only it has one", line: { shadow_route: "/new" }, expected: "/new" },
    { name: "that of the policy, if both have one", line: { route: "/a", shadow_route: "/b" }, expected: "/a" },
    { name: "no route", line: {}, expected: "(no route)" },
    {
      name: "an MCP message",
      line: { route: "/mcp", mcp_method: "tools/call", mcp_name: "create_order" },
      expected: "/mcp tools/call create_order",
    },
    { name: "an MCP message without a name", line: { route: "/mcp", mcp_method: "ping" }, expected: "/mcp ping" },
  ])("$name", ({ line, expected }) => {
    expect(describeTarget(line)).toBe(expected);
  });
});

describe("how a request ended", () => {
  it.each([
    { name: "at an upstream", line: { decision: "allow", upstream: "orders" }, expected: "-> orders" },
    { name: "at the gateway itself", line: { decision: "allow" }, expected: "-> gateway" },
    { name: "refused", line: { decision: "deny", reason: "token-expired" }, expected: "token-expired" },
    {
      name: "refused, with how long the token has been expired",
      line: { decision: "deny", reason: "token-expired", expired_seconds: 90, detail: "x" },
      expected: "token-expired (90 s ago)",
    },
    {
      name: "refused, with the scopes that were needed",
      line: {
        ...{ decision: "deny", reason: "scope-insufficient" },
        ...{ required: ["https://api.example/write:orders"], granted: ["https://api.example/read:orders", "openid"] },
      },
      expected: "scope-insufficient (needs write:orders; has read:orders openid)",
    },
    {
      name: "refused, without any scope",
      line: { decision: "deny", reason: "scope-insufficient", required: ["a/b"], granted: [] },
      expected: "scope-insufficient (needs b; has none)",
    },
    {
      name: "refused, with the issuer that the token names",
      line: { decision: "deny", reason: "issuer-unknown", unverified_iss: "https://evil.example" },
      expected: "issuer-unknown (iss https://evil.example)",
    },
    {
      name: "refused, with a detail",
      line: { decision: "deny", reason: "rate-limited", detail: "writes" },
      expected: "rate-limited (writes)",
    },
    {
      name: "at an upstream, although it would be refused",
      line: { decision: "would-deny", upstream: "orders", reason: "credentials-missing" },
      expected: "-> orders; would be refused: credentials-missing",
    },
    { name: "with an error", line: { decision: "error", reason: "internal" }, expected: "internal" },
    { name: "in a way that the line does not tell", line: {}, expected: "" },
  ])("$name", ({ line, expected }) => {
    expect(describeOutcome(line)).toBe(expected);
  });
});

describe("what two policies decided", () => {
  it.each([
    {
      name: "a request that the candidate refuses",
      line: {
        ...{ decision: "allow", upstream: "a" },
        ...{ shadow_decision: "deny", shadow_reason: "scope-insufficient" },
      },
      expected: "allow -> a; the candidate: deny scope-insufficient",
    },
    {
      name: "a request that the candidate lets through, to the gateway itself",
      line: { decision: "deny", reason: "route-not-found", shadow_decision: "allow" },
      expected: "deny route-not-found; the candidate: allow -> gateway",
    },
    {
      name: "a request of which one does not know",
      line: { decision: "allow", upstream: "a", shadow_decision: "unknown", shadow_reason: "x" },
      expected: "allow -> a; the candidate: not known",
    },
  ])("$name", ({ line, expected }) => {
    expect(describeDisagreement(line)).toBe(expected);
  });
});

describe("the short names of scopes", () => {
  it.each([
    { name: "without their resource server", scopes: ["https://api.example/read:a", "b"], expected: "read:a b" },
    { name: "none for an empty list", scopes: [], expected: "" },
    { name: "none for what is no list", scopes: "read:a", expected: "" },
    { name: "other values as texts", scopes: [1, null], expected: "1 " },
  ])("are $name", ({ scopes, expected }) => {
    expect(shortNames(scopes)).toBe(expected);
  });
});

describe("a value as text", () => {
  it.each([
    { value: "a", expected: "a" },
    { value: 403, expected: "403" },
    { value: false, expected: "false" },
    { value: undefined, expected: "" },
    { value: null, expected: "" },
  ])("$value", ({ value, expected }) => {
    expect(text(value)).toBe(expected);
  });
});
