import { expect, it } from "vitest";
import { COLLECTION, type FileWithRoutes, lint } from "../../support/policy/lints.ts";
import { policyFileWith } from "../../support/policy/policy-file.ts";

// 2,000 scopes that a wildcard takes in and no client holds brought 179 kB of output.
it("reports what no client may be granted once for a wildcard", () => {
  const names = Array.from({ length: 2_000 }, (_, at) => `read:thing${at}`);
  const file = policyFileWith({
    resourceServers: { "https://api.example": { scopes: Object.fromEntries(names.map((name) => [name, "Read"])) } },
    clients: { app: { scopes: ["read:thing0"] } },
    routes: ["/a", "/b/:id"].map((path) => ({ ...COLLECTION, path, scopes: ["*:thing*"] })),
  });
  const { lints } = lint(file as FileWithRoutes);
  expect(lints.filter(({ code }) => code === "unheld-scope")).toHaveLength(1);
  expect(JSON.stringify(lints).length).toBeLessThan(2_000);
});
