import { join } from "node:path";
import { expect, it } from "vitest";
import { scratchDirectory } from "../support/cli/run-scopegate.ts";
import { hostilePolicyFile } from "../support/policy/hostile-policy.ts";
import { MCP_POLICY, ROOT, SHOP_POLICY } from "../support/project/project-files.ts";
import { describeInBrowser } from "./support/describe-in-browser.ts";
import { openConsole } from "./support/open-console.ts";

const scratch = scratchDirectory();

/** Which reasons fit a mark, by its class: whether the request may be forwarded. */
const FORWARDED: Readonly<Record<string, readonly boolean[]>> = {
  yes: [true],
  reports: [true],
  // The conditions are those of the token and the path, which the address of a reason does not have.
  if: [true, false],
  unenforced: [false],
  no: [false],
};

describeInBrowser("each cell and its reason agree", (browser) => {
  it.each([
    { name: "in the shop", policy: () => join(ROOT, SHOP_POLICY), cells: 9 * 3 },
    { name: "of an MCP server", policy: () => join(ROOT, MCP_POLICY), cells: 3 * 10 },
    {
      name: "while an API is put behind the gateway",
      policy: () => join(ROOT, "examples/adopting/routes.json"),
      cells: 20,
    },
    { name: "where names are hostile", policy: () => scratch.write("routes.json", hostilePolicyFile()), cells: 5 * 3 },
  ])("$name", async ({ policy, cells }) => {
    await using shown = await openConsole(policy());
    const page = await browser.openPage(shown.url, { script: false });
    const found = await page
      .locator("table.plain td a")
      .evaluateAll((links) =>
        links.map((link) => ({ mark: link.parentElement?.className ?? "", address: link.getAttribute("href") ?? "" })),
      );
    expect(found.length).toBeGreaterThanOrEqual(cells);
    const wrong: unknown[] = [];
    for (const { mark, address } of found) {
      const answer = await page.request.get(shown.url + address);
      const isForwarded = /Forwarded to /.test(await answer.text());
      if (answer.status() !== 200 || !FORWARDED[mark]?.includes(isForwarded))
        wrong.push({ mark, address, isForwarded });
    }
    expect(wrong).toEqual([]);
  });
});
