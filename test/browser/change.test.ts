import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createRepository } from "../support/cli/git-repository.ts";
import { exampleFile } from "../support/cli/run-scopegate.ts";
import { EVIL_SELECTOR, hostilePolicyFile } from "../support/policy/hostile-policy.ts";
import { largePolicyFile } from "../support/policy/large-policy.ts";
import { expectNoAxeFindings } from "./support/axe.ts";
import { describeInBrowser } from "./support/describe-in-browser.ts";
import { LOOKS, sidewaysScroll } from "./support/looks.ts";
import { type OpenConsole, openConsole } from "./support/open-console.ts";

const OLD = exampleFile({
  guarantees: [{ name: "customers only read", clients: ["customer"], except: [{ methods: ["GET"] }], never: true }],
});
const { routes, clients } = OLD;
const opened = { path: "/products", methods: ["GET"], public: true, upstream: "products" };
/** Opens a route, and closes others. */
const NEW = {
  ...OLD,
  clients: { ...clients, customer: { scopes: ["read:products", "write:orders"] } },
  routes: [opened, ...routes.slice(1, -2)],
};
/** The same with one change more. */
const NEWER = { ...NEW, realm: "shop" };

describeInBrowser("the page of what changes", (browser) => {
  const repository = createRepository();
  const save = (policy: unknown) => repository.write("routes.json", policy);
  let console: OpenConsole;
  beforeAll(async () => {
    save(OLD);
    repository.commit("<evil-element>First</evil-element> policy");
    console = await openConsole(repository.path("routes.json"));
  });
  afterAll(() => console.close());
  beforeEach(() => save(OLD));

  const open = (look = {}) => browser.openPage(`${console.url}/change`, look);
  const summaryOf = (page: Page) => page.textContent("#change-summary, .wrong");
  const shows = (page: Page, text: string) =>
    expect.poll(() => page.textContent("main"), { timeout: 20_000 }).toContain(text);

  it("follows the file without a reload: changed, invalid, valid again", async () => {
    const page = await open();
    await shows(page, "Nothing changes");
    await page.evaluate(() => document.body.setAttribute("data-same-document", ""));
    save(NEW);
    await shows(page, "1 opened");
    expect(await page.textContent("#change-status")).toMatch(/^Updated at .+ \d+ changes:/);
    save('{ "issuers": nothing }');
    await shows(page, "Where the file is wrong");
    expect(await page.textContent("body > .faults")).toContain("This is not JSON.");
    expect(await page.textContent("mark")).toBe("nothing");
    expect(await page.textContent(".stale")).toContain("This is the last valid version.");
    expect(await summaryOf(page)).toContain("1 opened");
    expect(await page.textContent("#change-status")).toMatch(
      /^Updated at .+ is invalid\. This is the last valid version\. \d+ changes: 1 opened/,
    );
    save(NEWER);
    await shows(page, "$.realm");
    expect(await page.$$("body > .faults, mark, .stale")).toEqual([]);
    repository.commit("Second");
    await shows(page, "Nothing changes: the text is that of git:HEAD.");
    expect(await page.$$("[data-same-document]")).toHaveLength(1);
    repository.git("reset", "--quiet", "--hard", "HEAD~1");
  });

  it("keeps what is focused, opened and scrolled to", async () => {
    save(NEW);
    const page = await open({ width: 390, height: 400 });
    await shows(page, "1 opened");
    const link = page.locator('a[href*="/why?method=PUT"]').first();
    const summary = page.locator("details[data-key^='client'] > summary").first();
    await summary.click();
    await link.focus();
    const href = await link.getAttribute("href");
    const [isOpen, heading] = await page.evaluate(() => {
      const first = document.querySelector<HTMLDetailsElement>("details[data-key^='client']");
      document.querySelector("#clients")?.scrollIntoView();
      return [first?.open, document.querySelector("#clients")?.getBoundingClientRect().top] as const;
    });
    save({ ...NEWER, clients: { ...NEW.clients, another: { scopes: ["read:products"] } } });
    await shows(page, "$.realm");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("href"))).toBe(href);
    const now = await page.evaluate(() => [
      document.querySelector<HTMLDetailsElement>("details[data-key^='client']")?.open,
      document.querySelector("#clients")?.getBoundingClientRect().top,
    ]);
    expect(now[0]).toBe(isOpen);
    expect(isOpen).toBe(false);
    expect(Math.abs(Number(now[1]) - Number(heading))).toBeLessThan(2);
  });

  it("moves the focus to the result if what was focused is gone", async () => {
    save(NEW);
    const page = await open();
    await shows(page, "1 opened");
    await page.focus('a[href="#kind-opened"]');
    save(OLD);
    await shows(page, "Nothing changes");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("change-result");
  });

  it("leaves alone what is being typed into the form", async () => {
    const page = await open();
    await page.fill("#against", "git:HEA");
    save(NEW);
    await shows(page, "1 opened");
    expect(await page.inputValue("#against")).toBe("git:HEA");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("against");
  });

  it("is used by keyboard alone", async () => {
    save(NEW);
    const page = await open();
    await shows(page, "1 opened");
    const tabTo = async (selector: string) => {
      for (let step = 0; step < 60; step += 1) {
        await page.keyboard.press("Tab");
        if (await page.evaluate((it) => document.activeElement?.matches(it), selector)) return;
      }
      throw new Error(`No step of Tab leads to ${selector}.`);
    };
    await tabTo("#against");
    await page.keyboard.press("ControlOrMeta+A");
    await page.keyboard.type("git:nowhere");
    await page.keyboard.press("Enter");
    await shows(page, "git knows no revision nowhere");
    await page.goBack();
    await tabTo(".commits > summary");
    await page.keyboard.press("Enter");
    await tabTo(".commits a");
    await page.keyboard.press("Enter");
    await page.waitForURL(/against=git%3A[0-9a-f]{10}$/);
    await shows(page, "1 opened");
    await tabTo("details[data-key^='client'] > summary");
    await page.keyboard.press("Space");
    expect(await page.evaluate(() => document.activeElement?.closest("details")?.open)).toBe(false);
    await page.reload();
    await tabTo(".kind a[href^='/why?']");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/why\?method=GET&path=/);
  });

  it.each(LOOKS)("has no fault for anyone, at $width pixels, $scheme", async (look) => {
    for (const policy of [NEW, "{", hostilePolicyFile()]) {
      save(policy);
      const page = await open(look);
      await shows(page, policy === "{" ? "Where the file is wrong" : "changes:");
      await page.locator(".commits > summary").click();
      await expectNoAxeFindings(page);
      expect(await sidewaysScroll(page)).toBe(0);
      await page.close();
    }
  });

  it("makes no element of markup in a policy, a fault or a commit", async () => {
    save(hostilePolicyFile());
    const page = await open();
    await shows(page, "changes:");
    await page.locator(".commits > summary").click();
    expect(await page.textContent(".commits")).toContain("<evil-element>First</evil-element> policy");
    expect(await page.$$(EVIL_SELECTOR)).toEqual([]);
    save(`{ ${JSON.stringify(hostilePolicyFile())}`);
    await shows(page, "Where the file is wrong");
    save(OLD);
    await shows(page, "Nothing changes");
    expect(await page.$$(EVIL_SELECTOR)).toEqual([]);
  });

  it("works without scripts", async () => {
    save(NEW);
    const page = await open({ script: false });
    for (let asked = 0; (await page.$("[data-computing]")) !== null && asked < 100; asked += 1) {
      await page.click("text=Look again");
    }
    await shows(page, "1 opened");
    await page.fill("#against", "git:HEAD~9");
    await page.press("#against", "Enter");
    await shows(page, "git knows no revision HEAD~9");
  });

  it("follows the file again when it comes back into sight, and after the console was away", async () => {
    const page = await open();
    await shows(page, "Nothing changes");
    const setVisibility = (state: string) =>
      page.evaluate((value) => {
        Object.defineProperty(document, "visibilityState", { value, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
      }, state);
    await setVisibility("hidden");
    save(NEW);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(await summaryOf(page)).toContain("Nothing changes");
    await setVisibility("visible");
    await shows(page, "1 opened");
    const port = Number(new URL(console.url).port);
    await console.close();
    await shows(page, "The console does not answer.");
    save(NEWER);
    console = await openConsole(repository.path("routes.json"), { port });
    await shows(page, "$.realm");
    expect(browser.takeProblems().filter((it) => !it.includes("ERR_"))).toEqual([]);
  });

  it("shows a policy of 10,000 routes, and says meanwhile that it compares", async () => {
    const large = largePolicyFile({ routes: 10_000, clients: 30 });
    save(large);
    repository.commit("Large");
    const [first, ...others] = large.routes;
    save({ ...large, routes: [{ ...first, scopes: undefined, public: true }, ...others] });
    const page = await open();
    expect(await summaryOf(page).catch(() => undefined)).not.toBe("");
    await expect.poll(() => page.textContent("main"), { timeout: 50_000 }).toContain("1 opened");
    save(large);
    await shows(page, "The file has changed. Comparing it again.");
    expect(await summaryOf(page)).toContain("1 opened");
    await expect.poll(() => page.textContent("main"), { timeout: 50_000 }).toContain("Nothing changes");
    repository.git("reset", "--quiet", "--hard", "HEAD~1");
  });
});
