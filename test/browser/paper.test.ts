import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { VIEWS } from "../../src/cli/console/views.ts";
import { ROOT, SHOP_POLICY } from "../support/project/project-files.ts";
import { describeInBrowser } from "./support/describe-in-browser.ts";
import { sidewaysScroll } from "./support/looks.ts";
import { type OpenConsole, openConsole } from "./support/open-console.ts";
import { settled } from "./support/settled.ts";

/** Width of A4 without Chromium's margins, in CSS pixels. */
const PAPER_WIDTH = 718;

describeInBrowser("on paper", (browser) => {
  let shown: OpenConsole;
  beforeAll(async () => {
    shown = await openConsole(join(ROOT, SHOP_POLICY));
  });
  afterAll(() => shown.close());

  it.each(VIEWS)("a page has no navigation, and all of its width: $label", async ({ path }) => {
    const page = await settled(await browser.openPage(shown.url + path, { width: PAPER_WIDTH, scheme: "dark" }));
    await page.emulateMedia({ media: "print" });
    expect(await page.locator("nav").isVisible()).toBe(false);
    expect(await page.locator("h1").isVisible()).toBe(true);
    expect(await sidewaysScroll(page)).toBe(0);
    // Dark paper would take all of the ink.
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toMatch(/255, 255, 255|, 0\)/);
  });

  it("all routes are printed that the filter leaves, and not only those on the screen", async () => {
    const page = await settled(await browser.openPage(shown.url, { height: 300 }));
    // Kept where it can be read after the printing: the routes of the document as it goes to paper.
    await page.evaluate(() => {
      addEventListener("beforeprint", () => {
        const routes = Array.from(document.querySelectorAll(".printed tbody th"), ({ textContent }) => textContent);
        document.title = JSON.stringify(routes);
      });
    });
    const pdf = await page.pdf({ landscape: true });
    expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
    expect(new Set(JSON.parse(await page.title())).size).toBe(9);
  });
});
