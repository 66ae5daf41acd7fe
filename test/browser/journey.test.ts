import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ROOT, SHOP_POLICY } from "../support/project/project-files.ts";
import { describeInBrowser } from "./support/describe-in-browser.ts";
import { focusedElement } from "./support/focus.ts";
import { type OpenConsole, openConsole } from "./support/open-console.ts";
import { settled } from "./support/settled.ts";

/** Presses Tab until an element has the focus. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let stops = 0; stops < 60; stops += 1) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((text) => document.activeElement?.matches(text), selector)) return;
  }
  throw new Error(`Tab does not lead to ${selector}, but to ${(await focusedElement(page))?.tag}.`);
}

describeInBrowser("by the keyboard alone", (browser) => {
  let shown: OpenConsole;
  beforeAll(async () => {
    shown = await openConsole(join(ROOT, SHOP_POLICY));
  });
  afterAll(() => shown.close());

  it.each([390, 1280])(
    "one goes from a cell to its reason, to another question, and to the change: %d px",
    async (width) => {
      const page = await settled(await browser.openPage(shown.url, { width }));
      await tabTo(page, "#matrix-filters input[type=search]");
      await page.keyboard.type("PUT /orders/:id");
      await tabTo(page, "[role=grid]");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("End");
      await expect.poll(() => page.locator("#cell").innerText()).toMatch(/^customer may not call/);
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/why\?/);
      expect(await page.locator("main").innerText()).toContain("scope-insufficient");

      await tabTo(page, "[name=scope]");
      await page.keyboard.type("write:orders");
      await page.keyboard.press("Enter");
      await page.waitForURL(/scope=write/);
      expect(await page.locator("main").innerText()).toContain("Forwarded to orders");

      await tabTo(page, "nav a[href='/change']");
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/change$/);
      expect(await page.locator("h1").innerText()).toMatch(/change/i);
    },
  );

  it("a filter leaves its place in the address, so that back leads to the same rows", async () => {
    const page = await settled(await browser.openPage(shown.url));
    await tabTo(page, "#matrix-filters input[type=search]");
    await page.keyboard.type("/orders/:id");
    await expect.poll(() => page.locator("#matrix-count").innerText()).toMatch(/^2 /);
    await tabTo(page, "[role=grid]");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("End");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/why\?/);
    await page.goBack();
    await settled(page);
    expect(await page.locator("#matrix-count").innerText()).toMatch(/^2 /);
  });
});
