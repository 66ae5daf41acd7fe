import { describe, expect, it } from "vitest";
import { isReason, type ObservedLine, observedIn } from "../../../src/cli/replay/observed.ts";

const line = (members: Partial<ObservedLine>): ObservedLine => ({ decision: "deny", ...members }) as ObservedLine;
const granted = ["https://api.example/read:orders"];
const observed = (wasAllowed: boolean, credentials: string) => ({ ok: true, value: { wasAllowed, credentials } });
const unknown = (cause: string) => ({ ok: false, failure: cause });

describe("observedIn", () => {
  it.each([
    {
      name: "a call with a token that was let through",
      input: { decision: "allow", upstream: "orders", granted },
      expected: observed(true, "accepted"),
    },
    {
      name: "a call of a public route",
      input: { decision: "allow", upstream: "orders" },
      expected: observed(true, "unread"),
    },
    { name: "an answer of the gateway itself", input: { decision: "allow" }, expected: unknown("gateway") },
    {
      name: "a failure of the upstream, which lets the call through",
      input: { reason: "upstream-timeout", granted },
      expected: observed(true, "accepted"),
    },
    { name: "a call without a token", input: { reason: "credentials-missing" }, expected: observed(false, "none") },
    {
      name: "no token in the header",
      input: { reason: "credentials-malformed" },
      expected: observed(false, "malformed"),
    },
    { name: "an unknown route", input: { reason: "route-unknown" }, expected: observed(false, "unread") },
    { name: "a bad token", input: { reason: "token-expired" }, expected: observed(false, "refused") },
    {
      name: "a good token with too few scopes",
      input: { reason: "scope-insufficient", granted },
      expected: observed(false, "accepted"),
    },
    {
      name: "a call that a route would refuse and only reports",
      input: { decision: "would-deny", reason: "scope-insufficient", granted },
      expected: observed(false, "accepted"),
    },
    {
      name: "a token without a binding, which the route refuses",
      input: { reason: "token-binding-missing", granted },
      expected: observed(false, "accepted"),
    },
    {
      name: "a token without a binding, which its issuer's rules refuse",
      input: { reason: "token-binding-missing" },
      expected: observed(false, "refused"),
    },
    {
      name: "an MCP message without an entry",
      input: { reason: "message-unlisted", granted },
      expected: observed(false, "accepted"),
    },
    { name: "a path that nobody can read", input: { reason: "path-ambiguous" }, expected: unknown("path") },
    { name: "a failure of the gateway", input: { reason: "keys-unavailable", granted }, expected: unknown("error") },
    { name: "a reason of a feature", input: { reason: "rate-limited", granted }, expected: unknown("other") },
    { name: "a reason of a newer gateway", input: { reason: "moon-too-full" }, expected: unknown("other") },
    { name: "a refusal without a reason", input: {}, expected: unknown("other") },
    { name: "a reason that only every object has", input: { reason: "toString" }, expected: unknown("other") },
  ])("reads $name", ({ input, expected }) => {
    expect(observedIn(line(input as Partial<ObservedLine>))).toEqual(expected);
  });
});

it.each([
  { text: "scope-insufficient", expected: true },
  { text: "message-unlisted", expected: true },
  { text: "moon-too-full", expected: false },
  { text: "toString", expected: false },
])("isReason knows whether $text is a reason", ({ text, expected }) => {
  expect(isReason(text)).toBe(expected);
});
