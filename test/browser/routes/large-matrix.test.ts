import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scopegate, scratchDirectory } from "../../support/cli/run-scopegate.ts";
import { largePolicyFile } from "../../support/policy/large-policy.ts";
import { describeInBrowser } from "../support/describe-in-browser.ts";
import { type OpenConsole, openConsole } from "../support/open-console.ts";
import { servePage } from "../support/serve-page.ts";

const scratch = scratchDirectory();

/** CPU time, in milliseconds: three times what a quiet machine needs at most, so that a busy one passes, too. */
const MAX_KEY_SCRIPT_MS = 75;
const MAX_FRAME_MS = 100;

/** What something costs the page's main thread, in milliseconds of CPU time, with the frame after it. */
async function costOf(page: Page, run: () => Promise<unknown>) {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const read = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return new Map(metrics.map(({ name, value }) => [name, value * 1000]));
  };
  const before = await read();
  await run();
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  const after = await read();
  await session.detach();
  const spent = (name: string) => (after.get(name) ?? 0) - (before.get(name) ?? 0);
  return { script: spent("ScriptDuration"), all: spent("TaskDuration") };
}

/** Types a text key by key. Returns the script of the costliest key. */
async function costliestKey(page: Page, text: string): Promise<number> {
  const costs: number[] = [];
  await page.locator("input[type=search]").focus();
  for (const key of text) {
    const { script } = await costOf(page, () => page.keyboard.insertText(key));
    costs.push(script);
  }
  return Math.max(...costs);
}

/** Scrolls frame by frame. Returns the mean cost of a frame. */
async function meanFrame(page: Page, by: { readonly top: number; readonly left: number }): Promise<number> {
  const frames = 20;
  const { all } = await costOf(page, () =>
    page.evaluate(
      async ({ top, left, frames: count }) => {
        for (let frame = 0; frame < count; frame += 1) {
          document.querySelector(".view")?.scrollBy(left, top);
          await new Promise(requestAnimationFrame);
        }
      },
      { ...by, frames },
    ),
  );
  return all / frames;
}

const countText = (page: Page) => page.locator("#matrix-count").innerText();

describeInBrowser("a matrix of 10,000 routes", (browser) => {
  describe.each([
    { clients: 30, most: 2_500 },
    { clients: 300, most: 6_000 },
  ])("and $clients clients", ({ clients, most }) => {
    let shown: OpenConsole;
    beforeAll(async () => {
      const file = largePolicyFile({ routes: 10_000, clients });
      shown = await openConsole(scratch.write(`${clients}.json`, file));
    });
    afterAll(() => shown.close());

    it("has elements for what is on the screen only", async () => {
      const page = await browser.openPage(shown.url);
      expect(await countText(page)).toBe("10010 rows");
      await meanFrame(page, { top: 200, left: 50 });
      expect(await page.locator(".grid *").count()).toBeLessThan(most);
    });

    it("filters as one types", async () => {
      const page = await browser.openPage(shown.url);
      expect(await costliestKey(page, "post /resource-123 client-3")).toBeLessThan(MAX_KEY_SCRIPT_MS);
      expect(await page.locator(".grid tbody th.route").first().innerText()).toMatch(/^POST .*\/resource-123/);
    });

    it("scrolls to its end, without long tasks", async () => {
      const page = await browser.openPage(shown.url);
      expect(await meanFrame(page, { top: 100, left: 0 })).toBeLessThan(MAX_FRAME_MS);
      expect(await meanFrame(page, { top: 0, left: 60 })).toBeLessThan(MAX_FRAME_MS);
      await page.locator(".view").focus();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Control+End");
      await expect.poll(() => page.locator(".grid .active").getAttribute("id")).toMatch(/^cell-\d+-\d+$/);
      const row = page.locator(".grid tr:has(.active)");
      expect(await row.innerText()).toContain("/resource-714/:id/items/:item");
      await expect(page.locator(".grid .active").getAttribute("aria-colindex")).resolves.toBe(String(clients + 4));
    });
  });

  it("is a file of some megabytes that does the same", async () => {
    const policy = scratch.write("file.json", largePolicyFile({ routes: 10_000, clients: 30 }));
    const { stdout } = await scopegate("matrix", "--html", "--policy", policy);
    expect(stdout.length).toBeLessThan(3_000_000);
    await using served = await servePage(stdout);
    const page = await browser.openPage(served.url);
    expect(await countText(page)).toBe("10010 rows");
    expect(await costliestKey(page, "get /resource-12/search")).toBeLessThan(MAX_KEY_SCRIPT_MS);
    expect(await countText(page)).toBe("2 of 10010 rows");
    expect(await page.locator(".grid a").count()).toBe(0);
  });
});
