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

  it("back leads from a reason to its cell, which has the focus", async () => {
    const page = await settled(await browser.openPage(shown.url));
    await tabTo(page, "[role=grid]");
    for (const key of ["ArrowDown", "ArrowDown", "ArrowDown", "End"]) await page.keyboard.press(key);
    const said = await page.locator("#cell").innerText();
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/why\?/);
    await page.goBack();
    await settled(page);
    expect(await page.locator("#cell").innerText()).toBe(said);
    expect((await focusedElement(page))?.tag).toContain('role="grid"');
    await page.keyboard.press("ArrowLeft");
    expect(await page.locator("#cell").innerText()).not.toBe(said);
  });

  it("a link to the routes leads to no cell, but to the start of the page", async () => {
    const page = await settled(await browser.openPage(shown.url));
    await tabTo(page, "[role=grid]");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.locator("nav a[href='/']").click();
    await settled(page);
    expect(await page.locator("#cell").isHidden()).toBe(true);
  });

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
