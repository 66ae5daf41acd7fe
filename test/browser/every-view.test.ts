import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { VIEWS } from "../../src/cli/console/views.ts";
import { scratchDirectory } from "../support/cli/run-scopegate.ts";
import { hostileFaultyFile, hostilePolicyFile } from "../support/policy/hostile-policy.ts";
import { MCP_POLICY, ROOT, SHOP_POLICY } from "../support/project/project-files.ts";
import { findAxeViolations } from "./support/axe.ts";
import { describeInBrowser } from "./support/describe-in-browser.ts";
import { tabThrough } from "./support/focus.ts";
import { LOOKS, sidewaysScroll } from "./support/looks.ts";
import { type OpenConsole, openConsole } from "./support/open-console.ts";
import { settled } from "./support/settled.ts";

const scratch = scratchDirectory();

/** Elements that one reaches by Tab before a test stops to look. */
const MAX_STOPS = 40;

describeInBrowser("every view", (browser) => {
  describe.each([
    { name: "the shop", policy: () => join(ROOT, SHOP_POLICY) },
    { name: "an MCP server", policy: () => join(ROOT, MCP_POLICY) },
    {
      name: "a policy full of markup and long names",
      policy: () => scratch.write("hostile.json", hostilePolicyFile()),
    },
    { name: "a policy with faults", policy: () => scratch.write("faulty.json", hostileFaultyFile()) },
  ])("of $name", ({ policy }) => {
    let shown: OpenConsole;
    beforeAll(async () => {
      shown = await openConsole(policy());
    });
    afterAll(() => shown.close());

    it.each(VIEWS)("is accessible and fits each window, light and dark: $label", async ({ path }) => {
      const page = await settled(await browser.openPage(shown.url + path));
      const findings: string[] = [];
      for (const { width, scheme } of LOOKS) {
        await page.setViewportSize({ width, height: 800 });
        await page.emulateMedia({ colorScheme: scheme });
        const found = await findAxeViolations(page);
        const sideways = await sidewaysScroll(page);
        if (sideways > 0) found.push(`the page scrolls sideways by ${sideways} px`);
        findings.push(...found.map((finding) => `${width} px, ${scheme}: ${finding}`));
      }
      expect(findings).toEqual([]);
    });
  });

  describe("of the shop", () => {
    let shown: OpenConsole;
    beforeAll(async () => {
      shown = await openConsole(join(ROOT, SHOP_POLICY));
    });
    afterAll(() => shown.close());

    it.each(VIEWS)("shows where the focus is: $label", async ({ path }) => {
      const page = await browser.openPage(shown.url + path, { width: 390 });
      const stops = await tabThrough(page, MAX_STOPS);
      expect(stops.length).toBeGreaterThan(VIEWS.length);
      expect(stops.filter(({ hasRing, isInView }) => !(hasRing && isInView))).toEqual([]);
    });

    it.each(VIEWS)("begins with a link to its content: $label", async ({ path }) => {
      const page = await browser.openPage(shown.url + path);
      await page.keyboard.press("Tab");
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Skip to the content");
      await page.keyboard.press("Enter");
      expect(await page.evaluate(() => document.activeElement?.id)).toBe("main");
      await page.keyboard.press("Tab");
      expect(await page.evaluate(() => document.activeElement?.closest("header") ?? null)).toBeNull();
    });

    it.each(VIEWS)("does not move for readers who ask for less motion: $label", async ({ path }) => {
      const page = await browser.openPage(shown.url + path, { reducedMotion: true });
      const moving = await page.evaluate(() =>
        Array.from(document.querySelectorAll("*"), (element) => [element, getComputedStyle(element)] as const)
          .filter(
            ([, style]) =>
              style.scrollBehavior === "smooth" ||
              [style.transitionDuration, style.animationDuration]
                .join(",")
                .split(",")
                .some((time) => parseFloat(time) > 0.01),
          )
          .map(([{ tagName, className }]) => `${tagName}.${className}`),
      );
      expect(moving).toEqual([]);
      expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
    });

    it.each(VIEWS)("has a heading and its place in the navigation, without script too: $label", async (view) => {
      const page = await browser.openPage(shown.url + view.path, { script: false });
      expect(await page.title()).toContain(view.title);
      expect(await page.locator("h1").count()).toBe(1);
      expect(await page.locator("nav [aria-current=page]").allTextContents()).toEqual([view.label]);
      expect(await page.locator("nav a").count()).toBe(VIEWS.length);
    });
  });
});
