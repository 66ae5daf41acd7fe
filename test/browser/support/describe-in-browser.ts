import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, describe, expect } from "vitest";
import { CHROMIUM_ARGUMENTS, findChromium } from "./chromium.ts";
import { placeOf, watchPage } from "./watch-page.ts";

/** How a page looks. */
export interface Look {
  /** Width of the window in CSS pixels. Default: 1280. */
  readonly width?: number;
  /** Height of the window in CSS pixels. Default: 800. */
  readonly height?: number;
  /** What the reader's system prefers. Default: `light`. */
  readonly scheme?: "light" | "dark";
  /** Whether the reader's system asks for less motion. Default: no. */
  readonly reducedMotion?: boolean;
  /** Whether scripts run. Default: yes. */
  readonly script?: boolean;
}

/** A Chromium that a file of tests shares. Each page is in a context of its own, which ends with its test. */
export interface TestBrowser {
  /** Opens an address. The page may ask its origin and no other; the page of a file may load nothing. */
  openPage(url: string, look?: Look): Promise<Page>;
  /** A new context for pages of one origin, for tests that open several pages, or need permissions. */
  openContext(url: string, look?: Look): Promise<BrowserContext>;
  /** Returns the problems so far and forgets them, for a test that causes some. Those that are left fail the test. */
  takeProblems(): readonly string[];
}

const CHROMIUM = findChromium();
if (CHROMIUM === undefined)
  console.warn("There is no /usr/bin/chromium, and CHROMIUM_PATH names no other: the tests in a browser skip.");

/**
 * A `describe` whose tests run in Chromium, and skip where there is none. Each test fails when one of its pages asks
 * another origin, writes an error or a warning to the console (as a violation of the content security policy does),
 * throws, opens a dialog, or crashes.
 */
export function describeInBrowser(name: string, tests: (browser: TestBrowser) => void): void {
  describe.skipIf(CHROMIUM === undefined)(name, () => {
    let browser: Promise<Browser> | undefined;
    const contexts: BrowserContext[] = [];
    const allowed = new Set<string>();
    const problems: string[] = [];
    const start = () =>
      chromium.launch({ ...(CHROMIUM !== undefined && { executablePath: CHROMIUM }), args: [...CHROMIUM_ARGUMENTS] });

    const openContext = async (url: string, look: Look = {}) => {
      allowed.add(placeOf(url));
      browser ??= start();
      const context = await (await browser).newContext({
        viewport: { width: look.width ?? 1280, height: look.height ?? 800 },
        colorScheme: look.scheme ?? "light",
        reducedMotion: look.reducedMotion ? "reduce" : "no-preference",
        javaScriptEnabled: look.script ?? true,
      });
      contexts.push(context);
      context.on("page", (page) => watchPage(page, allowed, problems));
      return context;
    };

    afterEach(async () => {
      await Promise.all(contexts.splice(0).map((context) => context.close()));
      allowed.clear();
      expect(problems.splice(0)).toEqual([]);
    });
    afterAll(async () => (await browser)?.close());

    tests({
      openContext,
      async openPage(url, look) {
        const page = await (await openContext(url, look)).newPage();
        await page.goto(url);
        return page;
      },
      takeProblems: () => problems.splice(0),
    });
  });
}
