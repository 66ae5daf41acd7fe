import { expect, test } from "vitest";
import { isReservedPath } from "../../../src/policy/routing/reserved-paths.ts";

test.each([
  { name: "the gateway's own", input: "/_gateway", expected: true },
  { name: "beneath it", input: "/_gateway/health", expected: true },
  { name: "nothing beneath it", input: "/_gateway/", expected: true },
  { name: "next to it", input: "/_gateways", expected: false },
  { name: "its name elsewhere", input: "/orders/_gateway", expected: false },
  { name: "resource metadata", input: "/.well-known/oauth-protected-resource", expected: true },
  { name: "metadata of one resource", input: "/.well-known/oauth-protected-resource/orders", expected: true },
  { name: "other metadata", input: "/.well-known/oauth-authorization-server", expected: false },
])("$name: reserved $expected", ({ input, expected }) => {
  expect(isReservedPath(input)).toBe(expected);
});
