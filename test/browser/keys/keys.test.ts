import { expect, it } from "vitest";
import type { StackKeys } from "../../../src/cli/console/view/stack-view.ts";
import { expectNoAxeFindings } from "../support/axe.ts";
import { describeInBrowser } from "../support/describe-in-browser.ts";
import { LOOKS, sidewaysScroll } from "../support/looks.ts";
import { withStackConsole } from "../support/with-stack-console.ts";

function keysOf(ageSeconds: number, kids: readonly string[]): StackKeys {
  const keys = kids.map((kid) => ({ kid, kty: "RSA", n: "n", e: "AQAB" }));
  const record = { version: 1, jwks: { keys }, fetchedAt: Date.now() - ageSeconds * 1000 };
  const main = { usable: true, ageSeconds, keyCount: kids.length, lastError: "The issuer answered 500." };
  return { ready: { issuers: { main } }, records: new Map([["main", JSON.stringify(record)]]) };
}

const HISTORY = {
  events: [{ atMs: Date.now(), line: { event: "keys", change: "key-skipped", kid: "k".repeat(64), why: "private" } }],
  skipped: [{ kid: "k".repeat(64), why: "private" }],
  ...{ skippedCount: 1, skippedAtMs: Date.now() },
};

describeInBrowser("the page of keys", (browser) => {
  const { start } = withStackConsole();

  it("follows the keys without being loaded again, and keeps the focus", async () => {
    let keys = keysOf(10, ["first"]);
    const { url } = await start({ keys: async () => keys });
    const page = await browser.openPage(`${url}/keys`);
    await page.getByRole("region", { name: "Keys of main" }).focus();
    expect(await page.locator(".state").innerText()).toMatch(/^fresh 1 key, 10 s old/);
    keys = keysOf(700, ["first", "<img src=x onerror=alert(1)>"]);
    await expect
      .poll(() => page.locator(".state").innerText(), { timeout: 15_000 })
      .toMatch(/^stale 2 keys, 11 min 40 s old/);
    expect(await page.locator(".issuer tbody th").last().innerText()).toBe("<img src=x onerror=alert(1)>");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toBe("Keys of main");
  });

  it("shows the faults of the policy's file for as long as there are some", async () => {
    const { url, writePolicy } = await start({ keys: async () => keysOf(10, ["first"]) });
    const page = await browser.openPage(`${url}/keys`);
    expect(await page.locator(".faults").count()).toBe(0);
    writePolicy("{");
    await expect.poll(() => page.locator(".faults h2").allInnerTexts(), { timeout: 15_000 }).toHaveLength(1);
    expect(await page.locator(".state").innerText()).toMatch(/^fresh 1 key/);
    writePolicy();
    await expect.poll(() => page.locator(".faults").count(), { timeout: 15_000 }).toBe(0);
  });

  it.each(LOOKS)("is accessible and does not scroll sideways at $width px in $scheme colours", async (look) => {
    const { url } = await start({ keys: async () => keysOf(10, ["a", "b".repeat(200)]), keyHistory: () => HISTORY });
    const page = await browser.openPage(`${url}/keys`, look);
    await page.getByText("Anyone can sign with it").first().waitFor();
    await expectNoAxeFindings(page);
    expect(await sidewaysScroll(page)).toBe(0);
  });
});
