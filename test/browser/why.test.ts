import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { exampleFile, scratchDirectory } from "../support/cli/run-scopegate.ts";
import { accessClaims, createSigningKey, signClaims } from "../support/token/signing-key.ts";
import { expectNoAxeFindings } from "./support/axe.ts";
import { describeInBrowser } from "./support/describe-in-browser.ts";
import { LOOKS, sidewaysScroll } from "./support/looks.ts";
import { type OpenConsole, openConsole } from "./support/open-console.ts";

const SCOPE = "https://api.myecommerce.com/read:orders";
const SUBJECT = "subject-of-the-token";

const tokenField = (page: Page) => page.getByLabel("Access token");
const verdict = (page: Page) => page.locator(".verdict");

describeInBrowser("/why", (browser) => {
  const scratch = scratchDirectory();
  let open: OpenConsole;
  let token: string;
  beforeAll(async () => {
    open = await openConsole(scratch.write("policy.json", exampleFile()));
    const key = await createSigningKey("key-1");
    token = await signClaims(key, accessClaims("https://issuer.example/pool", { scope: SCOPE, sub: SUBJECT }));
  });
  afterAll(() => open.close());
  const openWhy = (query = "", look = {}) => browser.openPage(`${open.url}/why${query}`, look);
  const judge = async (page: Page) => {
    await page.getByLabel("Path or URL").fill("/orders/17");
    await tokenField(page).fill(token);
    await page.getByRole("button", { name: "Ask", exact: true }).click();
    await verdict(page).waitFor();
  };

  it.each(LOOKS)("has no axe findings and no sideways scroll at $width px, $scheme", async (look) => {
    const page = await openWhy("?method=POST&path=/orders&client=customer", look);
    await expectNoAxeFindings(page);
    expect(await sidewaysScroll(page)).toBe(0);
    await page.goto(`${open.url}/why?path=/orders/17&client=customer&claim=sub%3Da`);
    await expectNoAxeFindings(page);
    expect(await sidewaysScroll(page)).toBe(0);
  });

  it("is used by the keyboard alone, and its address is the question", async () => {
    const page = await openWhy();
    await page.getByLabel("Method").focus();
    await page.keyboard.type("GET");
    await page.keyboard.press("Tab");
    await page.keyboard.type("/orders/17");
    for (let at = 0; at < 10 && (await focusedName(page)) !== "client"; at += 1) await page.keyboard.press("Tab");
    await page.keyboard.type("cust");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/why?**");
    expect(page.url()).toBe(`${open.url}/why?method=GET&path=/orders/17&client=customer`);
    expect(await verdict(page).textContent()).toContain("Forwarded to orders.");
  });

  it("answers without script", async () => {
    const page = await openWhy("?method=POST&path=/orders&client=customer", { script: false });
    expect(await verdict(page).textContent()).toContain("Refused: 403 scope-insufficient.");
    expect(await page.getByRole("button", { name: "Copy link" }).count()).toBe(0);
    await page.goto(`${open.url}/why`);
    await judge(page);
    expect(await tokenField(page).inputValue()).toBe("");
    expect(page.url()).toBe(`${open.url}/why`);
  });

  it("leads from a set that would do to the question with it", async () => {
    const page = await openWhy("?method=POST&path=/orders&client=customer");
    await page.getByRole("link", { name: "as admin" }).click();
    await page.waitForURL("**client=admin");
    expect(await verdict(page).textContent()).toContain("Forwarded to orders.");
  });

  it("copies the address of the question", async () => {
    const context = await browser.openContext(open.url);
    await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: open.url });
    const page = await context.newPage();
    await page.goto(`${open.url}/why?path=/orders&client=admin`);
    await page.getByRole("button", { name: "Copy link" }).click();
    await page.getByText("Copied.").waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toBe(`${open.url}/why?path=/orders&client=admin`);
  });

  it("judges a token that is in no address, no storage and no link", async () => {
    const page = await openWhy();
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await judge(page);
    expect(page.url()).toBe(`${open.url}/why`);
    expect(await page.locator(".answer").textContent()).toContain(SUBJECT);
    expect(await tokenField(page).inputValue()).toBe("");
    const kept = await page.evaluate(() => [
      document.documentElement.outerHTML,
      document.cookie,
      JSON.stringify({ ...localStorage, ...sessionStorage }),
    ]);
    for (const text of [...asked, ...kept]) {
      for (const part of token.split(".")) expect(text).not.toContain(part);
    }
  });

  it("has the title of its question, and none of an earlier one beside the answer about a token", async () => {
    const page = await openWhy("?method=POST&path=/orders&client=customer");
    expect(await page.title()).toMatch(/^Why\? POST \/orders · /);
    await page.goto(`${open.url}/why?path=/products`);
    await judge(page);
    await page.locator(".answer[data-from=token]").waitFor();
    expect(await page.title()).toMatch(/^Why\? · /);
  });

  it("has lost a token that was typed, when the reader comes back", async () => {
    const page = await openWhy("?path=/orders&client=admin");
    await tokenField(page).fill(token);
    await page.getByRole("link", { name: "Routes" }).click();
    await page.waitForURL(`${open.url}/`);
    await page.goBack();
    await tokenField(page).waitFor();
    expect(await tokenField(page).inputValue()).toBe("");
  });

  it("has lost a token and what it says, when the reader leaves the answer", async () => {
    const page = await openWhy();
    await judge(page);
    await tokenField(page).fill(token);
    const left = await page.evaluate(() => {
      dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
      return document.documentElement.outerHTML + document.querySelector("textarea#token")?.textContent;
    });
    expect(left).not.toContain(SUBJECT);
    expect(await tokenField(page).inputValue()).toBe("");
  });

  it("asks about the token alone, as long as there is one", async () => {
    const page = await openWhy("?path=/orders/17&client=admin&bound=mtls");
    await tokenField(page).fill("x");
    expect(await page.getByLabel("Client").isDisabled()).toBe(true);
    await tokenField(page).fill("");
    expect(await page.getByLabel("Client").isDisabled()).toBe(false);
    await judge(page);
    expect(await page.locator(".answer .who").textContent()).toContain("the holder of a token");
  });

  it("keeps what was typed where it says what is wrong, except the token", async () => {
    const page = await openWhy();
    await page.getByLabel("Path or URL").fill("no slash");
    await tokenField(page).fill(token);
    await page.getByRole("button", { name: "Ask", exact: true }).click();
    await page.getByRole("alert").waitFor();
    // A page with status 400 is an error in the browser's console.
    browser.takeProblems();
    expect(await page.getByLabel("Path or URL").inputValue()).toBe("no slash");
    expect(await tokenField(page).inputValue()).toBe("");
    await expectNoAxeFindings(page);
  });
});

function focusedName(page: Page): Promise<string | null> {
  return page.evaluate(() => document.activeElement?.getAttribute("name") ?? null);
}
