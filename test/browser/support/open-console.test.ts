import { join } from "node:path";
import { expect, it } from "vitest";
import { ROOT, SHOP_POLICY } from "../../support/project/project-files.ts";
import { describeInBrowser } from "./describe-in-browser.ts";
import { openConsole } from "./open-console.ts";

describeInBrowser("a console under test", (browser) => {
  it("shows a policy, until it is closed", async () => {
    const shown = await openConsole(join(ROOT, SHOP_POLICY));
    const page = await browser.openPage(shown.url);
    expect(await page.title()).toContain("Scopegate");
    await shown.close();
    await expect(page.goto(shown.url)).rejects.toThrow("ERR_CONNECTION_REFUSED");
  });
});
