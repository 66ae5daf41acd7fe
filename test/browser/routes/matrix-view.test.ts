import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scopegate, scratchDirectory } from "../../support/cli/run-scopegate.ts";
import { hostilePolicyFile } from "../../support/policy/hostile-policy.ts";
import { largePolicyFile } from "../../support/policy/large-policy.ts";
import { MCP_POLICY, ROOT, SHOP_POLICY } from "../../support/project/project-files.ts";
import { findAxeViolations } from "../support/axe.ts";
import { describeInBrowser } from "../support/describe-in-browser.ts";
import { LOOKS, sidewaysScroll } from "../support/looks.ts";
import { strayMarkup } from "../support/markup.ts";
import { type OpenConsole, openConsole } from "../support/open-console.ts";
import { servePage } from "../support/serve-page.ts";

const scratch = scratchDirectory();
const SHOP = join(ROOT, SHOP_POLICY);

/** The rows of a table or grid: the route, and the sign of each caller. */
function rowsOf(page: Page, table: string): Promise<readonly (readonly string[])[]> {
  return page.locator(`${table} tbody tr:not(.group)`).evaluateAll((rows) =>
    rows.map((row) => {
      const [route, , , ...marks] = Array.from(row.children, (cell) => cell.textContent?.trim() ?? "");
      return [route ?? "", ...marks];
    }),
  );
}

/** The same rows by `matrix --json`. */
async function rowsByCommand(policy: string): Promise<readonly (readonly string[])[]> {
  const { stdout } = await scopegate("matrix", "--json", "--policy", policy, "--on", "2026-06-01");
  const { rows } = JSON.parse(stdout) as { readonly rows: readonly Row[] };
  return rows.map((row) => {
    const { method = "", name = "" } = row.mcp ?? {};
    const message = row.mcp === undefined ? "" : row.mcp.reply ? " reply" : ` ${method} ${name}`.trimEnd();
    const signs = row.allowed.map((is, at) =>
      is ? (row.conditional?.[at] ? "if" : "\u2713") : row.unenforced[at] ? "(\u2013)" : "\u2013",
    );
    return [`${row.methods.join(" ")} ${row.path}${message}`, row.isPublic ? "\u2713" : "\u2013", ...signs];
  });
}

interface Row {
  readonly methods: readonly string[];
  readonly path: string;
  readonly mcp?: { readonly method?: string; readonly name?: string; readonly reply?: true };
  readonly isPublic: boolean;
  readonly allowed: readonly boolean[];
  readonly unenforced: readonly boolean[];
  readonly conditional?: readonly boolean[];
}

describeInBrowser("routes and matrix", (browser) => {
  let shop: OpenConsole;
  beforeAll(async () => {
    shop = await openConsole(SHOP);
  });
  afterAll(() => shop.close());

  it.each([
    { name: "the shop", policy: SHOP },
    { name: "an MCP server", policy: join(ROOT, MCP_POLICY) },
  ])("has the cells of matrix --json: $name", async ({ policy }) => {
    await using shown = await openConsole(policy);
    const expected = (await rowsByCommand(policy)).toSorted();
    const page = await browser.openPage(shown.url, { height: 4_000 });
    expect((await rowsOf(page, ".grid")).toSorted()).toEqual(expected);
    const plain = await browser.openPage(shown.url, { script: false });
    expect((await rowsOf(plain, ".plain")).toSorted()).toEqual(expected);
  });

  it("opens the reason of a cell by keys alone, and leads back to the same rows", async () => {
    const page = await browser.openPage(shop.url);
    await page.locator("input[type=search]").focus();
    await page.keyboard.type("post orders");
    await expect.poll(() => page.locator("#matrix-count").innerText()).toBe("1 of 9 rows");
    for (const key of ["Tab", "Tab", "Tab", "ArrowDown", "End"]) await page.keyboard.press(key);
    expect(await page.locator("#cell").innerText()).toMatch(/^customer may not call .*: POST \/orders/);
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/why\?method=POST&path=%2Forders&client=customer$/);
    await page.goBack();
    expect(new URL(page.url()).search).toBe("?filter=post+orders");
    await expect.poll(() => page.locator("#matrix-count").innerText()).toBe("1 of 9 rows");
  });

  it("names the active cell to assistive technology, and keeps the focus while it scrolls", async () => {
    const page = await browser.openPage(shop.url, { height: 500 });
    const view = page.locator(".view");
    await view.focus();
    for (const key of ["ArrowDown", "ArrowRight", "Control+End"]) await page.keyboard.press(key);
    const id = await view.getAttribute("aria-activedescendant");
    expect(await page.locator(`#${id}`).innerText()).toBe("(\u2013)");
    await view.evaluate((it) => it.scrollTo(0, 0));
    expect(await view.evaluate((it) => it === document.activeElement)).toBe(true);
  });

  it.each([
    { query: "caller=anyone", count: "1 of 9 rows" },
    { query: "caller=client+customer", count: "5 of 9 rows" },
    { query: "mark=u", count: "4 of 9 rows" },
    { query: "filter=products&caller=client+customer&mark=y", count: "3 of 9 rows" },
    { query: "filter=nothing+like+this", count: "0 of 9 rows" },
  ])("filters by its address, with and without script: $query", async ({ query, count }) => {
    const page = await browser.openPage(`${shop.url}/?${query}`);
    expect(await page.locator("#matrix-count").innerText()).toBe(count);
    const plain = await browser.openPage(`${shop.url}/?${query}`, { script: false });
    expect(await plain.locator(".plain tbody tr").count()).toBe(Number.parseInt(count, 10));
  });

  it("keeps heads and routes in sight while it scrolls both ways", async () => {
    await using shown = await openConsole(scratch.write("wide.json", largePolicyFile({ routes: 100, clients: 40 })));
    for (const width of [390, 1280]) {
      const page = await browser.openPage(shown.url, { width, height: 500 });
      const offsets = await page.evaluate(() => {
        const view = document.querySelector(".view");
        view?.scrollTo(120, 150);
        const place = (selector: string) => view?.querySelector(selector)?.getBoundingClientRect();
        const box = view?.getBoundingClientRect();
        return {
          scrolled: [view?.scrollLeft, view?.scrollTop],
          head: (place("thead")?.top ?? 0) - (box?.top ?? 0),
          route: (place("tbody th.route")?.left ?? 0) - (box?.left ?? 0),
        };
      });
      expect(offsets).toEqual({ scrolled: [120, 150], head: 1, route: 1 });
    }
  });

  it("has the route on a line of its own in a narrow window", async () => {
    const page = await browser.openPage(shop.url, { width: 390 });
    const route = await page.locator(".grid tbody th.route").first().boundingBox();
    const mark = await page.locator(".grid tbody td.mark").first().boundingBox();
    expect(route?.width).toBeGreaterThan(300);
    expect(mark?.y).toBeGreaterThanOrEqual((route?.y ?? 0) + (route?.height ?? 0));
    expect(await sidewaysScroll(page)).toBe(0);
  });

  it("prints all rows that the filter leaves, and puts the page back", async () => {
    const page = await browser.openPage(`${shop.url}/?filter=orders`, { height: 300 });
    await page.emulateMedia({ media: "print" });
    await expect.poll(() => page.locator(".printed tbody tr").count()).toBe(4);
    expect(await page.locator(".view").isVisible()).toBe(false);
    await page.emulateMedia({ media: "screen" });
    await expect.poll(() => page.locator(".printed").count()).toBe(0);
    expect(await page.locator(".view").isVisible()).toBe(true);
    expect((await page.pdf()).byteLength).toBeGreaterThan(1_000);
  });

  describe("as a file", () => {
    it("runs under its own content security policy, and is accessible in each window", async () => {
      const { stdout } = await scopegate("matrix", "--html", "--policy", SHOP);
      await using served = await servePage(stdout);
      const page = await browser.openPage(served.url);
      expect((await rowsOf(page, ".grid")).toSorted()).toEqual((await rowsByCommand(SHOP)).toSorted());
      const findings: string[] = [];
      for (const { width, scheme } of LOOKS) {
        await page.setViewportSize({ width, height: 800 });
        await page.emulateMedia({ colorScheme: scheme });
        findings.push(...(await findAxeViolations(page)));
        expect(await sidewaysScroll(page)).toBe(0);
      }
      expect(findings).toEqual([]);
    });

    it("lets no name out of its place", async () => {
      const policy = scratch.write("hostile.json", hostilePolicyFile());
      const { stdout } = await scopegate("matrix", "--html", "--grants", "--policy", policy);
      await using served = await servePage(stdout);
      for (const script of [true, false]) {
        const page = await browser.openPage(served.url, { script });
        // The file has its own script in it.
        const stray = (await strayMarkup(page)).filter((it) => !it.startsWith('script: <script type="module">'));
        expect(stray).toEqual([]);
      }
    });
  });
});
