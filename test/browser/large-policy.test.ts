import { afterAll, beforeAll, expect, it } from "vitest";
import { VIEWS } from "../../src/cli/console/views.ts";
import { scratchDirectory } from "../support/cli/run-scopegate.ts";
import { largePolicyFile } from "../support/policy/large-policy.ts";
import { expectNoAxeFindings } from "./support/axe.ts";
import { describeInBrowser } from "./support/describe-in-browser.ts";
import { sidewaysScroll } from "./support/looks.ts";
import { type OpenConsole, openConsole } from "./support/open-console.ts";
import { settled } from "./support/settled.ts";

const scratch = scratchDirectory();

/** Elements that a page may have. Beyond some thousands, browsers take seconds for each change of the layout. */
const MAX_ELEMENTS = 8_000;

describeInBrowser("a policy of 10,000 routes and 30 clients", (browser) => {
  let shown: OpenConsole;
  beforeAll(async () => {
    const file = largePolicyFile({ routes: 10_000, clients: 30, prefixes: [""] });
    shown = await openConsole(scratch.write("routes.json", file));
  });
  afterAll(() => shown.close());

  it.each(VIEWS)("opens as few elements, at each width: $label", async ({ path }) => {
    const page = await settled(await browser.openPage(shown.url + path));
    for (const width of [390, 768, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await page.evaluate(() => document.querySelectorAll("*").length)).toBeLessThan(MAX_ELEMENTS);
      expect(await sidewaysScroll(page)).toBe(0);
    }
    await expectNoAxeFindings(page);
  });

  it("explains one of its routes", async () => {
    const page = await browser.openPage(`${shown.url}/why?method=GET&path=/resource-7/17&client=client-0`);
    expect(await page.locator("main").innerText()).toContain("/resource-7/:id");
  });
});
