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

/** Marks that are not below the head of their caller, and heads and marks that do not follow the one before. */
function misplacedMarks(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const placesIn = (row: Element) => {
      const cells = Array.from(row.querySelectorAll(".who, .mark"));
      return cells.map((cell) => {
        const { left, width } = cell.getBoundingClientRect();
        return `${cell.getAttribute("aria-colindex")} at ${Math.round((left + width / 2) / 4)}`;
      });
    };
    const [head, ...rows] = Array.from(document.querySelectorAll(".grid tr:not(.group)"));
    const heads = head ? placesIn(head) : [];
    const indexes = heads.map((place) => Number.parseInt(place, 10));
    const names = Array.from(document.querySelectorAll(".grid .who"), (who) => who.textContent);
    return [
      ...heads.filter((_, at) => at > 0 && indexes[at] !== (indexes[at - 1] ?? 0) + 1),
      ...rows.flatMap((row) => {
        const marks = Array.from(row.querySelectorAll(".mark a"));
        const places = placesIn(row);
        return [
          ...(heads.length > 0 && places.length === heads.length ? [] : [`${places.length} marks`]),
          ...places.filter((place, at) => place !== heads[at]),
          ...marks.flatMap((mark, at) => {
            const label = mark.getAttribute("aria-label") ?? "";
            return label.startsWith(`${names[at]}: `) ? [] : [label];
          }),
        ];
      }),
    ];
  });
}

/** What the page has for paper. */
function printedBy(page: Page) {
  return page.evaluate(() => {
    dispatchEvent(new Event("beforeprint"));
    const printed = document.querySelector(".printed");
    const rows = printed?.querySelector("tbody")?.rows.length;
    const note = printed?.querySelector("p")?.textContent;
    dispatchEvent(new Event("afterprint"));
    return { rows, note };
  });
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

    it("has each mark below the head of its caller, wherever it scrolls", async () => {
      const page = await browser.openPage(shown.url);
      // Little by little, by leaps, and back.
      for (const left of [0, 180, 400, 380, 2_000, 5_600, 5_300, 10_000, 3_000, 2_700, 0]) {
        await page.evaluate(async (to) => {
          document.querySelector(".view")?.scrollTo({ left: to });
          await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
        }, left);
        expect(await misplacedMarks(page)).toEqual([]);
      }
    });

    it("has no head that covers that of the route", async () => {
      const page = await browser.openPage(shown.url, { width: 1_024 });
      for (const left of [40, 88, 130]) {
        const seen = await page.evaluate(async (to) => {
          document.querySelector(".view")?.scrollTo({ left: to });
          await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
          const head = document.querySelector(".grid thead th") as Element;
          const { left: start, right, bottom } = head.getBoundingClientRect();
          const places = [];
          for (let at = start + 4; at < right - 2; at += 8) places.push(document.elementFromPoint(at, bottom - 12));
          return places.every((place) => place?.closest("th") === head);
        }, left);
        expect(seen).toBe(true);
      }
    });

    it("prints as many rows as a browser can print, and says so", async () => {
      const page = await browser.openPage(shown.url);
      const most = Math.floor(200_000 / (clients + 1));
      const note = `Only the first ${most} of 10010 rows are printed. Filter them to print others.`;
      expect(await printedBy(page)).toEqual({ rows: most, note });
      await page.locator("input[type=search]").fill("resource-11");
      expect(await printedBy(page)).toEqual({ rows: 154, note: undefined });
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
