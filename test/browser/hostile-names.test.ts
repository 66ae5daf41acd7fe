import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { VIEWS } from "../../src/cli/console/views.ts";
import { createRepository } from "../support/cli/git-repository.ts";
import { scopegate, scratchDirectory } from "../support/cli/run-scopegate.ts";
import { HOSTILE_TEXT, HOSTILE_WORD, hostileFaultyFile, hostilePolicyFile } from "../support/policy/hostile-policy.ts";
import { describeInBrowser } from "./support/describe-in-browser.ts";
import { strayMarkup } from "./support/markup.ts";
import { type OpenConsole, openConsole } from "./support/open-console.ts";

const scratch = scratchDirectory();
const CONTROLS = "\u001b[2K\u202e\r\u0000";

/** A question in an address, with a text in each of its parts. */
function whyAddress(text: string): string {
  const question = { method: "GET", path: `/%3Cevil-element%3E/${encodeURIComponent(text)}?${text}`, client: text };
  return `/why?${new URLSearchParams(question)}`;
}

/** Addresses with hostile texts in their parameters. The page may refuse them. */
const ADDRESSES = [HOSTILE_TEXT, HOSTILE_WORD, `${CONTROLS}${HOSTILE_TEXT}`].flatMap((text) => [
  `/?${new URLSearchParams({ filter: text, caller: text, mark: text, grants: "1" })}`,
  whyAddress(text),
  `/why?${new URLSearchParams({ method: text, path: text, host: text, message: text, scope: text, on: text })}`,
  `/why?${new URLSearchParams({ path: "/mcp", message: `tools/call ${text}`, scope: HOSTILE_WORD })}`,
  `/why?${new URLSearchParams({ path: "/public", claim: `${text}=${text}`, grant: `${text}=${text}`, issuer: text })}`,
  `/why?${new URLSearchParams({ [text]: text })}`,
  `/change?${new URLSearchParams({ against: text })}`,
  `/live?${new URLSearchParams({ client: text, route: text, reason: text, decision: text })}`,
  `/keys?${new URLSearchParams({ [text]: text })}`,
  `/${encodeURIComponent(text)}`,
]);

describeInBrowser("no name gets out of its place", (browser) => {
  describe("of a valid policy", () => {
    let shown: OpenConsole;
    beforeAll(async () => {
      shown = await openConsole(scratch.write("hostile.json", hostilePolicyFile()));
    });
    afterAll(() => shown.close());

    it.each(VIEWS)("on a page: $label", async ({ path }) => {
      const page = await browser.openPage(shown.url + path);
      expect(await strayMarkup(page)).toEqual([]);
    });

    it("and its texts are shown as they are", async () => {
      const page = await browser.openPage(shown.url);
      await expect.poll(() => page.locator("main").innerText()).toContain("<evil-element");
    });

    it("in an address", async () => {
      const stray: string[] = [];
      const page = await browser.openPage(shown.url);
      for (const address of ADDRESSES) {
        await page.goto(shown.url + address);
        stray.push(...(await strayMarkup(page)).map((it) => `${it} at ${address}`));
      }
      expect(stray).toEqual([]);
      // Chromium writes answers with 4xx to the console.
      expect(browser.takeProblems().filter((problem) => !/status of 4\d\d/.test(problem))).toEqual([]);
    });
  });

  it("of a policy with faults, whose places and sentences have terminal escapes and direction marks", async () => {
    await using shown = await openConsole(scratch.write("faulty.json", hostileFaultyFile()));
    for (const { path } of VIEWS) {
      const page = await browser.openPage(shown.url + path);
      expect(await strayMarkup(page)).toEqual([]);
      expect(await page.locator("body").innerText()).toContain("<evil-element");
    }
  });

  it("of a policy in git that has changed, in the difference or in the subjects of commits", async () => {
    const repository = createRepository();
    const file = hostilePolicyFile();
    repository.write("routes.json", { ...file, routes: file.routes.slice(1), clients: {} });
    repository.commit(`${HOSTILE_TEXT} \u202e\u001b[31m`);
    repository.write("routes.json", file);
    await using shown = await openConsole(repository.path("routes.json"));
    const page = await browser.openPage(`${shown.url}/change`);
    await expect.poll(() => page.locator("main").innerText()).toContain("<evil-element");
    expect(await strayMarkup(page)).toEqual([]);
  });

  it("in the file of `matrix --html`", async () => {
    const { stdout } = await scopegate("matrix", "--policy", scratch.write("h.json", hostilePolicyFile()), "--html");
    const page = await browser.openPage(`file://${scratch.write("matrix.html", stdout)}`);
    await expect.poll(() => page.locator("body").innerText()).toContain("<evil-element");
    expect((await strayMarkup(page)).filter((it) => !it.startsWith('script: <script type="module">'))).toEqual([]);
  });
});
