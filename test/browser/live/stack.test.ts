import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { stackConsole } from "../../../src/cli/dev/stack-console.ts";
import { NO_REAL_ADDRESSES } from "../../../src/local/plan/stack-source.ts";
import { requestToken } from "../../../src/local/request-token.ts";
import type { Stack } from "../../../src/local/stack.ts";
import { send } from "../../support/local/service-client.ts";
import { startShopStack } from "../../support/local/shop-stack.ts";
import { ROOT, SHOP_POLICY } from "../../support/project/project-files.ts";
import { describeInBrowser } from "../support/describe-in-browser.ts";

describeInBrowser("the console of a local stack", (browser) => {
  let stack: Stack;
  let url: string;

  beforeAll(async () => {
    const options = { policy: join(ROOT, SHOP_POLICY), real: NO_REAL_ADDRESSES, port: 0, portOption: "console-port" };
    const shown = stackConsole(options);
    stack = await startShopStack({ onLog: (log) => shown.add(log) });
    url = (await shown.start(stack)) ?? "";
  });
  afterAll(() => stack.dispose());

  it("shows a request as it happens, asks why with its values, and shows the keys that it loaded", async () => {
    const page = await browser.openPage(`${url}/live`);
    const clientSecret = "customer-secret";
    const token = await requestToken({ tokenUrl: stack.tokenUrl, clientId: "customer", clientSecret });
    const headers = { authorization: `Bearer ${token}` };
    await send(stack.urls.gateway, "POST /orders", { headers, json: {} });
    const row = page.locator("tr[data-kind=deny]");
    await row.waitFor();
    expect(await row.locator("[data-slot=outcome]").innerText()).toMatch(
      /^scope-insufficient \(needs write:orders; has read:/,
    );
    expect(await page.content()).not.toContain(token.slice(0, 20));
    await row.getByRole("link").click();
    await page.waitForURL("**/why?method=POST&path=/orders&client=customer&scope=**");
    expect(await page.locator("main").innerText()).toContain("scope-insufficient");
    await page.getByRole("link", { name: "Keys" }).click();
    await page.getByText("fresh", { exact: true }).waitFor();
    expect(await page.locator(".issuer tbody").first().innerText()).toContain("RSA");
    await page.goto("about:blank");
  });
});
