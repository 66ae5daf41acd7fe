import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { MAX_STREAMS } from "../../../src/cli/console/event-stream.ts";
import type { WorkerLog } from "../../../src/local/worker-logs.ts";
import { decisionLine } from "../../support/decisions/decision-lines.ts";
import { expectNoAxeFindings } from "../support/axe.ts";
import { describeInBrowser } from "../support/describe-in-browser.ts";
import { LOOKS, sidewaysScroll } from "../support/looks.ts";
import { withStackConsole } from "../support/with-stack-console.ts";

const DENIED = { decision: "deny", status: 403, reason: "scope-insufficient", client_id: "web" };

function logged(members: Readonly<Record<string, unknown>> = {}): WorkerLog {
  return { worker: "gateway", level: "log", message: [decisionLine({ route: "/orders/:id", ...members })] };
}

/** The targets in the table, from the top. */
function targets(page: Page): Promise<string[]> {
  return page.locator("#live-lines [data-slot=target]").allTextContents();
}

describeInBrowser("the page of live decisions", (browser) => {
  const { start } = withStackConsole();

  it("shows what came before, and then each new line on top, once", async () => {
    const { url, add } = await start();
    add(logged({ route: "/first" }));
    const page = await browser.openPage(`${url}/live`);
    add(logged({ route: "/second", ...DENIED }));
    await page.locator("#live-lines tr").nth(1).waitFor();
    expect(await targets(page)).toEqual(["GET /second", "GET /first"]);
    expect(await page.locator("#live-lines tr").first().innerText()).toContain("scope-insufficient");
    expect(await page.locator(".kind[data-kind=deny] .count").innerText()).toBe("1");
  });

  it("shows the same without a script", async () => {
    const { url, add } = await start();
    add(logged({ route: "/first" }));
    add(logged({ route: "/second", ...DENIED }));
    const page = await browser.openPage(`${url}/live`, { script: false });
    expect(await targets(page)).toEqual(["GET /second", "GET /first"]);
    await page.getByRole("radio", { name: /^deny/ }).check();
    await page.getByRole("button", { name: "Filter" }).click();
    expect(await targets(page)).toEqual(["GET /second"]);
  });

  it("filters while one types, by keyboard alone, and keeps the filter in the address", async () => {
    const { url, add } = await start();
    for (const route of ["/orders/:id", "/products", "/orders"]) add(logged({ route, ...DENIED }));
    add(logged({ route: "/orders" }));
    const page = await browser.openPage(`${url}/live`);
    await page.locator("#pause:not([hidden])").waitFor();
    await page.getByRole("radio", { name: /^all / }).focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => targets(page)).toHaveLength(3);
    await page.keyboard.press("Tab");
    await page.keyboard.type("/ORDERS");
    await expect.poll(() => targets(page)).toEqual(["GET /orders", "GET /orders/:id"]);
    expect(new URL(page.url()).search).toBe("?decision=deny&route=%2FORDERS");
    await page.reload();
    expect(await targets(page)).toEqual(["GET /orders", "GET /orders/:id"]);
    await page.keyboard.press("Tab");
  });

  it("lets new lines wait while it is paused", async () => {
    const { url, add } = await start();
    add(logged({ route: "/first" }));
    const page = await browser.openPage(`${url}/live`);
    await page.getByRole("button", { name: "Pause" }).click();
    add(logged({ route: "/second" }));
    const newer = page.getByRole("button", { name: "Show 1 new line" });
    await newer.waitFor();
    expect(await targets(page)).toEqual(["GET /first"]);
    await newer.click();
    await expect.poll(() => targets(page)).toEqual(["GET /second", "GET /first"]);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("pause");
    await page.getByRole("button", { name: "Pause" }).click();
    add(logged({ route: "/third" }));
    await expect.poll(() => targets(page)).toEqual(["GET /third", "GET /second", "GET /first"]);
  });

  it.each(["pointed at", "focused", "scrolled"])("moves nothing in a table that is %s", async (how) => {
    const { url, add } = await start();
    for (let at = 0; at < 60; at += 1) add(logged({ route: `/route-${at}` }));
    const page = await browser.openPage(`${url}/live`);
    await page.locator("#pause:not([hidden])").waitFor();
    if (how === "pointed at") await page.locator("#live-lines tr").nth(3).hover();
    if (how === "focused") await page.locator("#live-lines a").nth(3).focus();
    if (how === "scrolled") await page.mouse.wheel(0, 600);
    await page.waitForTimeout(300);
    const before = await page.locator("#live-lines tr").nth(3).boundingBox();
    for (let at = 0; at < 12; at += 1) add(logged({ route: `/new-${at}` }));
    await page.getByRole("button", { name: "Show 12 new lines" }).waitFor();
    expect(await page.locator("#live-lines tr").nth(3).boundingBox()).toEqual(before);
    if (how === "focused") {
      await page.getByRole("button", { name: "Show 12 new lines" }).focus();
      await page.keyboard.press("Enter");
    } else await page.getByRole("button", { name: "Show 12 new lines" }).click();
    await expect.poll(async () => (await targets(page))[0]).toBe("GET /new-11");
  });

  it("stays usable in a flood of 1,000 lines a second, with few rows", async () => {
    const { url, add } = await start();
    const page = await browser.openPage(`${url}/live`);
    await page.locator("#pause:not([hidden])").waitFor();
    const longest = page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          let [last, most] = [performance.now(), 0];
          const end = last + 3_000;
          const tick = () => {
            const now = performance.now();
            most = Math.max(most, now - last);
            last = now;
            if (now < end) setTimeout(tick, 0);
            else resolve(most);
          };
          tick();
        }),
    );
    for (let batch = 0; batch < 60; batch += 1) {
      for (let at = 0; at < 50; at += 1) add(logged({ route: `/flood/${batch}-${at}` }));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    // Half a second at most, on a machine that is busy with other tests.
    expect(await longest).toBeLessThan(500);
    await expect.poll(async () => (await targets(page))[0], { timeout: 5_000 }).toBe("GET /flood/59-49");
    const rows = await targets(page);
    expect(rows).toHaveLength(200);
    expect(new Set(rows).size).toBe(200);
    await page.getByLabel("Route").fill("/flood/41-");
    await expect.poll(() => targets(page)).toHaveLength(50);
  });

  it.each([
    { lines: 1_000, note: "The newest 200 of 1000 lines. A filter finds the others." },
    { lines: 1_001, note: "A filter finds the others. 1 older line is not here: the console no longer keeps them." },
    { lines: 1_002, note: "A filter finds the others. 2 older lines are not here: the console no longer keeps them." },
  ])("says how many of $lines lines that came at once are not here", async ({ lines, note }) => {
    const { url, add } = await start();
    add(logged({ route: "/first" }));
    const page = await browser.openPage(`${url}/live`);
    await page.locator("#pause:not([hidden])").waitFor();
    await page.locator("#live-filter .kind[data-kind=allow] .count", { hasText: "1" }).waitFor();
    for (let at = 0; at < lines; at += 1) add(logged({ route: `/flood/${at}` }));
    await expect.poll(() => page.locator("#live-note").innerText()).toContain(note);
  });

  it.each([390, 1280])("has a cell for each header at %i px, also where a line has nothing to show", async (width) => {
    const { url, add } = await start();
    add({ worker: "gateway", level: "log", message: ["text"] });
    const page = await browser.openPage(`${url}/live`, { width });
    const session = await page.context().newCDPSession(page);
    const { nodes } = await session.send("Accessibility.getFullAXTree");
    const count = (role: string) => nodes.filter((node) => !node.ignored && node.role?.value === role).length;
    expect([count("columnheader"), count("cell")]).toEqual([7, 7]);
  });

  it("no longer shows the faults of the policy's file when lines come after they are gone", async () => {
    const { url, add, writePolicy } = await start();
    add(logged());
    const page = await browser.openPage(`${url}/live`);
    writePolicy("{");
    await page.reload();
    await page.locator(".faults").waitFor();
    add(logged({ route: "/second" }));
    await expect.poll(() => targets(page)).toHaveLength(2);
    expect(await page.locator(".faults").count()).toBe(1);
    writePolicy();
    add(logged({ route: "/third" }));
    await expect.poll(() => page.locator(".faults").count()).toBe(0);
  });

  it("neither loses nor repeats a line when the connection breaks, and starts anew with a new gateway", async () => {
    const { url, add, restart } = await start();
    add(logged({ route: "/first" }));
    const page = await browser.openPage(`${url}/live`);
    await page.locator("#pause:not([hidden])").waitFor();
    await restart();
    await expect.poll(() => page.locator("#live-status").innerText()).toContain("does not answer");
    add(logged({ route: "/second" }));
    await expect.poll(() => targets(page), { timeout: 15_000 }).toEqual(["GET /second", "GET /first"]);
    browser.takeProblems();
  });

  it("says that too many pages follow the console, and goes on when one of them is closed", async () => {
    const { url, add } = await start();
    const others = await Promise.all(Array.from({ length: MAX_STREAMS }, () => fetch(`${url}/live/events`)));
    add(logged({ route: "/first" }));
    const page = await browser.openPage(`${url}/live`);
    await expect.poll(() => page.locator("#live-status").innerText()).toContain("too many pages follow it");
    await others[0]?.body?.cancel();
    add(logged({ route: "/second" }));
    await expect.poll(() => targets(page), { timeout: 15_000 }).toEqual(["GET /second", "GET /first"]);
    await expect.poll(() => page.locator("#live-status").innerText()).toBe("");
    for (const { body } of others.slice(1)) await body?.cancel();
    browser.takeProblems();
  });

  it("shows markup and escape sequences in values as they are", async () => {
    const { url, add } = await start();
    const evil = `<img src=x onerror=alert(1)>"'</script></template>\u001b[2J\u202e`;
    add(logged({ route: evil, client_id: evil, ...{ decision: "deny", reason: evil, detail: evil } }));
    const page = await browser.openPage(`${url}/live`);
    add(logged({ route: `${evil}2`, client_id: evil }));
    await page.locator("#live-lines tr").nth(1).waitFor();
    const shown = evil.replace("\u001b", "\\u{1b}").replace("\u202e", "\\u{202e}");
    expect(await targets(page)).toEqual([`GET ${shown}2`, `GET ${shown}`]);
    expect(await page.locator("main img, main script").count()).toBe(0);
  });

  it("asks under Why? what a line was about", async () => {
    const { url, add } = await start();
    add(logged(DENIED));
    const page = await browser.openPage(`${url}/live`);
    await page.getByRole("link", { name: "Why? GET /orders/:id" }).click();
    await page.waitForURL("**/why?method=GET&path=/orders/**");
  });

  it.each(LOOKS)("is accessible and does not scroll sideways at $width px in $scheme colours", async (look) => {
    const { url, add } = await start();
    add(logged());
    add(logged({ ...DENIED, route: `/${"long-name".repeat(30)}`, client_id: "c".repeat(200) }));
    add(logged({ decision: "would-deny", reason: "scope-insufficient" }));
    add(logged({ decision: "error", status: 502, reason: "upstream-unreachable" }));
    add({
      worker: "gateway",
      level: "log",
      message: [{ event: "keys", change: "refreshed", issuer: "main", keys: 2 }],
    });
    const page = await browser.openPage(`${url}/live`, look);
    await page.locator("#live-lines tr").nth(4).waitFor();
    await expectNoAxeFindings(page);
    expect(await sidewaysScroll(page)).toBe(0);
  });
});
