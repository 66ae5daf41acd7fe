import type { Page } from "playwright-core";

/** Waits until a page has its whole content: what the server computes for it, and the rows that its script makes. */
export async function settled(page: Page): Promise<Page> {
  await page.locator("[data-computing]").waitFor({ state: "detached" });
  await page.locator("#matrix:empty").waitFor({ state: "detached" });
  return page;
}
