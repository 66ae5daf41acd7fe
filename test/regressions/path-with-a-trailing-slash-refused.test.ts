import { expect, it } from "vitest";
import { readTemplate } from "../../src/cli/openapi/path-template.ts";
import { routeFor } from "../../src/policy/routing/route-table.ts";
import { compiled, policyFileWith } from "../support/policy/policy-file.ts";

/**
 * No pattern could end with a slash. APIs whose paths do (Django's, for one) could not be imported, and a route without
 * the slash led to a redirect of the upstream that the gateway answered with 404.
 */
it.each([
  { template: "/stock/", served: "/stock/", refused: ["/stock", "/stock/7", "/stock/7/"] },
  { template: "/stock/{id}/", served: "/stock/7/", refused: ["/stock/7", "/stock/", "/stock/7/8/"] },
])("$template is read as it is, and serves $served alone", ({ template, served, refused }) => {
  const read = readTemplate(template);
  const path = read.ok ? read.value.pattern : "";
  const { table } = compiled(
    policyFileWith({ routes: [{ path, methods: ["GET"], scopes: ["read:orders"], upstream: "orders" }] }),
  );
  const group = table.match(served);
  expect(group && routeFor(group, "GET")?.path).toBe(path);
  expect(refused.map((it) => table.match(it))).toEqual(refused.map(() => undefined));
});
