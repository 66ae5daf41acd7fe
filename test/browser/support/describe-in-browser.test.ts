import { afterAll, beforeAll, expect, it } from "vitest";
import { startServer, type TestServer } from "../../support/e2e/test-server.ts";
import { expectNoAxeFindings, findAxeViolations } from "./axe.ts";
import { describeInBrowser } from "./describe-in-browser.ts";
import { sidewaysScroll } from "./looks.ts";

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; require-trusted-types-for 'script'";

/** A page without a fault, with this inside. */
const pageOf = (inside: string) =>
  `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>Page</title><main><h1>Page</h1>${inside}</main>`;

/** Pages that do what a page of the console must not do, by path; all have a strict content security policy. */
const PAGES: Readonly<Record<string, string>> = {
  "/": pageOf("<p>Nothing wrong."),
  "/script": pageOf("<script>document.title = 'run'</script>"),
  "/style": pageOf("<p style='color: red'>Red."),
  "/handler": pageOf("<p><img src='data:,' alt='' onerror='document.title = 1'>"),
  "/sink": `${pageOf("")}<script src="/sink.js"></script>`,
  "/sink.js": "document.body.innerHTML = '<p>Markup'",
  "/dialog": `${pageOf("")}<script src="/dialog.js"></script>`,
  "/dialog.js": "alert('hello')",
  "/throws": `${pageOf("")}<script src="/throws.js"></script>`,
  "/throws.js": "throw new Error('a bug')",
  "/elsewhere": pageOf("<p><img src='http://elsewhere.example/' alt=''>"),
  "/unlabelled": pageOf("<input>"),
  "/wide": pageOf("<svg width='900' height='10'></svg>"),
};

describeInBrowser("a page under test", (browser) => {
  let server: TestServer;
  let other: TestServer;
  beforeAll(async () => {
    other = await startServer((_, response) => response.end());
    server = await startServer(({ url = "" }, response) => {
      response.setHeader("content-type", url.endsWith(".js") ? "text/javascript" : "text/html");
      // The one page whose policy lets it ask another port, so that the watch alone stands in its way.
      if (url !== "/other-port") response.setHeader("content-security-policy", POLICY);
      response.end(url === "/other-port" ? pageOf(`<img src="${other.origin}/" alt="">`) : PAGES[url]);
    });
  });
  afterAll(() => Promise.all([server.stop(), other.stop()]));

  it("has no problem where it does nothing wrong", async () => {
    const page = await browser.openPage(`${server.origin}/`);
    expect(await page.title()).toBe("Page");
    await expectNoAxeFindings(page);
    expect(browser.takeProblems()).toEqual([]);
  });

  it.each([
    { name: "a script in the document", path: "/script", expected: /^console error: Executing inline script/m },
    { name: "a style in the document", path: "/style", expected: /^console error: Applying inline style/m },
    { name: "an event handler", path: "/handler", expected: /^console error: Executing inline event handler/m },
    { name: "markup given to a sink", path: "/sink", expected: /TrustedHTML/ },
    { name: "a dialog", path: "/dialog", expected: /^dialog: hello$/m },
    { name: "an error of a script", path: "/throws", expected: /^uncaught error: a bug$/m },
    { name: "a request to another host", path: "/elsewhere", expected: /^request elsewhere: http:\/\/elsewhere/m },
    { name: "a request to another port", path: "/other-port", expected: /^request elsewhere: http:\/\/127/m },
  ])("is caught with $name", async ({ path, expected }) => {
    await browser.openPage(server.origin + path);
    const problems: string[] = [];
    await expect.poll(() => problems.push(...browser.takeProblems()) && problems.join("\n")).toMatch(expected);
  });

  it("is caught with what axe-core finds, though its policy lets no script of a test in", async () => {
    const page = await browser.openPage(`${server.origin}/unlabelled`);
    expect(await findAxeViolations(page)).toEqual([expect.stringMatching(/^label: .*<input>$/)]);
  });

  it.each([
    { name: "as wide as the window", path: "/", expected: 0 },
    { name: "wider than the window", path: "/wide", expected: 900 + 8 - 390 },
  ])("is measured where it is $name", async ({ path, expected }) => {
    const page = await browser.openPage(server.origin + path, { width: 390 });
    expect(await sidewaysScroll(page)).toBe(expected);
  });

  it("looks as its reader's system prefers", async () => {
    const page = await browser.openPage(`${server.origin}/`, { scheme: "dark", width: 768, reducedMotion: true });
    const matches = await page.evaluate(() =>
      ["(prefers-color-scheme: dark)", "(width: 768px)", "(prefers-reduced-motion: reduce)"].map(
        (query) => matchMedia(query).matches,
      ),
    );
    expect(matches).toEqual([true, true, true]);
  });

  it("runs no script where the reader has turned them off", async () => {
    const page = await browser.openPage(`${server.origin}/throws`, { script: false });
    expect(await page.textContent("h1")).toBe("Page");
  });

  it("is watched in each window that it opens", async () => {
    const page = await browser.openPage(`${server.origin}/`);
    await page.evaluate(() => window.open("/throws"));
    await expect.poll(() => browser.takeProblems()).toEqual(["uncaught error: a bug"]);
  });
});
