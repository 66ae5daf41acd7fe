import { describe, expect, it } from "vitest";
import { diffPolicies } from "../../../../src/policy/analysis/diff/diff-policies.ts";
import { compiled, policyFileWith } from "../../../support/policy/policy-file.ts";

interface Side {
  readonly stripPrefix?: string;
  /** Templates by path; empty: the route has none. */
  readonly routes: Readonly<Record<string, string>>;
}

function changesOf(before: Side, after: Side): readonly string[] {
  const policy = ({ routes, ...upstream }: Side) =>
    compiled(
      policyFileWith({
        upstreams: { orders: { url: "https://orders.example", ...upstream } },
        routes: Object.entries(routes).map(([path, upstreamPath]) => ({
          ...{ path, methods: ["GET"], public: true, upstream: "orders" },
          ...(upstreamPath !== "" && { upstreamPath }),
        })),
      }),
    );
  const { routes } = diffPolicies(policy(before), policy(after));
  return routes.map(({ kind, witness, note }) => `${kind} ${witness.path}: ${note}`);
}

describe("the path that an upstream gets", () => {
  it.each<{ name: string; before: Side; after: Side; expected: readonly string[] }>([
    {
      name: "a new template",
      before: { routes: { "/orders/:id": "" } },
      after: { routes: { "/orders/:id": "/v2/orders/:id" } },
      expected: ["moved /orders/x: the upstream gets /v2/orders/x2 instead of /orders/x2"],
    },
    {
      name: "a new prefix",
      before: { routes: { "/shop/*": "", "/shop": "" } },
      after: { stripPrefix: "/shop", routes: { "/shop/*": "", "/shop": "" } },
      expected: [
        "moved /shop: the upstream gets / instead of /shop",
        "moved /shop/x: the upstream gets /x2 instead of /shop/x2",
      ],
    },
    {
      name: "two parameters that change places",
      before: { routes: { "/:a/:b": "/v/:a/:b" } },
      after: { routes: { "/:a/:b": "/v/:b/:a" } },
      expected: ["moved /x/x: the upstream gets /v/x2/x1 instead of /v/x1/x2"],
    },
    {
      name: "one of several paths that get routes of their own",
      before: { routes: { "/a/:id": "/b/:id" } },
      after: { routes: { "/a/:id": "/b/:id", "/a/one": "/b/one", "/a/two": "/b/2" } },
      expected: ["moved /a/two: the upstream gets /b/2 instead of /b/two"],
    },
  ])("moves with $name", ({ before, after, expected }) => {
    expect(changesOf(before, after)).toEqual(expected);
  });

  it.each<{ name: string; before: Side; after: Side }>([
    {
      name: "a template that writes what was sent",
      before: { routes: { "/orders/:id": "" } },
      after: { routes: { "/orders/:id": "/orders/:id" } },
    },
    {
      name: "another name of a parameter",
      before: { routes: { "/a/:id": "/b/:id" } },
      after: { routes: { "/a/:name": "/b/:name" } },
    },
    {
      name: "a template in place of a prefix",
      before: { stripPrefix: "/shop", routes: { "/shop/*": "" } },
      after: { routes: { "/shop/*": "/*" } },
    },
    {
      name: "another spelling of a literal",
      before: { routes: { "/a": "/@me" } },
      after: { routes: { "/a": "/%40me" } },
    },
    {
      name: "a prefix that only templates replace",
      before: { stripPrefix: "/shop", routes: { "/a": "/b" } },
      after: { routes: { "/a": "/b" } },
    },
  ])("stays with $name", ({ before, after }) => {
    expect(changesOf(before, after)).toEqual([]);
  });

  it("of many alike routes is one change, with one of them", () => {
    const names = Array.from({ length: 20 }, (_, at) => `r${at}`);
    const before = Object.fromEntries(names.map((name) => [`/:t/${name}/:id`, `/v1/${name}/:id`]));
    const after = { ...before, "/a/:kind/:id": "/v1/:kind/:id", "/b/:kind/:id": "/v2/:kind/:id" };
    const moved = changesOf({ routes: before }, { routes: after }).filter((change) => change.startsWith("moved"));
    expect(moved).toEqual([
      "moved /b/r0/x: the upstream gets /v2/r0/x3 instead of /v1/r0/x3, also from 19 other routes",
    ]);
  });
});
