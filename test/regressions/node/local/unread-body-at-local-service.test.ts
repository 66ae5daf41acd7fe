/**
 * A local service that answers before it has read the body left an error in the terminal, after the line of the
 * decision.
 */
import { expect, it } from "vitest";
import type { WorkerLog } from "../../../../src/local/worker-logs.ts";
import { shopSource, startShopStack } from "../../../support/local/shop-stack.ts";
import { projectFile, SHOP_POLICY } from "../../../support/project/project-files.ts";

it("a local service may answer without reading the body", async () => {
  const { routes, guarantees: _, ...rest } = JSON.parse(projectFile(SHOP_POLICY));
  const report = { until: "2099-12-31" };
  const reporting = routes.map((route: object) => ("public" in route ? route : { ...route, report }));
  const policy = JSON.stringify({ ...rest, routes: reporting });
  const logs: WorkerLog[] = [];
  const stack = await startShopStack({
    // Nothing listens there, so the network hands the requests to the services itself.
    readSource: async () => shopSource(policy, { ORDERS_URL: "http://127.0.0.1:1" }),
    onLog: (log) => logs.push(log),
  });
  try {
    for (const size of [20, 200_000, 20, 200_000]) {
      const answer = await fetch(`${stack.urls.gateway}/orders`, { method: "POST", body: "x".repeat(size) });
      expect([answer.status, await answer.json()]).toMatchObject([401, { detail: "The gateway named no caller." }]);
    }
    await expect.poll(() => logs.filter(({ worker }) => worker === "gateway")).toHaveLength(4);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(logs.filter(({ worker }) => worker !== "gateway")).toEqual([]);
  } finally {
    await stack.dispose();
  }
});
