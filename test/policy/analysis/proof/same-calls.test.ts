import { expect, it } from "vitest";
import { createSameCalls } from "../../../../src/policy/analysis/proof/same-calls.ts";
import { compiled } from "../../../support/policy/policy-file.ts";

const route = (path: string, more = {}) => ({ path, methods: ["GET"], public: true, upstream: "u", ...more });
const policy = compiled({
  hosts: ["a.example", "b.example"],
  upstreams: { u: { url: "https://u.example" } },
  routes: [route("/c/:id"), route("/c/admin"), route("/c/bob", { hosts: ["a.example"] })],
});
const selection = (patterns: readonly string[], under: readonly string[] = []) => ({
  paths: { patterns, under },
  hosts: undefined,
});

it.each([
  { name: "one route and no selection", selections: [], paths: ["/c/x", "/c/y"], expected: true },
  { name: "two routes", selections: [], paths: ["/c/x", "/c/admin"], expected: false },
  { name: "a route of the host", selections: [], paths: ["/c/x", "/c/bob"], host: "a.example", expected: false },
  { name: "a route of another host", selections: [], paths: ["/c/x", "/c/bob"], host: "b.example", expected: true },
  { name: "both selected", selections: [selection(["/c/:id"])], paths: ["/c/x", "/c/y"], expected: true },
  { name: "neither selected", selections: [selection(["/d"])], paths: ["/c/x", "/c/y"], expected: true },
  { name: "one selected", selections: [selection(["/c/y"])], paths: ["/c/x", "/c/y"], expected: false },
  { name: "one selected by `under`", selections: [selection([], ["/c/y"])], paths: ["/c/x", "/c/y"], expected: false },
  {
    name: "one selected, with escapes",
    selections: [selection(["/c/@y"])],
    paths: ["/c/x", "/c/%40y"],
    expected: false,
  },
  {
    name: "the second of two selections has one",
    selections: [selection(["/*"]), selection(["/c/y"])],
    paths: ["/c/x", "/c/y"],
    expected: false,
  },
])("tells whether requests to two paths are the same calls: $name", ({ selections, paths, host, expected }) => {
  const [one = "", other = ""] = paths;
  expect(createSameCalls(policy, selections)(one, other, host)).toBe(expected);
});
