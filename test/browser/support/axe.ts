import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import { expect } from "vitest";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/**
 * What axe-core finds in a page, as `rule: sentence, at the elements`. Its script runs in a world of its own, where the
 * page's content security policy does not count, so that the policy stays on for the page.
 */
export async function findAxeViolations(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  const { frameTree } = await session.send("Page.getFrameTree");
  const world = { frameId: frameTree.frame.id, worldName: "axe" };
  const { executionContextId: contextId } = await session.send("Page.createIsolatedWorld", world);
  const evaluate = async (expression: string) => {
    const answer = await session.send("Runtime.evaluate", {
      contextId,
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (answer.exceptionDetails) throw new Error(`axe-core failed: ${answer.exceptionDetails.exception?.description}`);
    return answer.result.value;
  };
  await evaluate(`${await readFile(AXE, "utf8")};0`);
  // Nothing is loaded from elsewhere, so there are no style sheets or media to fetch first.
  const { violations }: AxeResults = await evaluate("axe.run({ preload: false, resultTypes: ['violations'] })");
  await session.detach();
  return violations.map(({ id, help, nodes }) => `${id}: ${help}, at ${nodes.map(({ html }) => html).join(" ")}`);
}

/** Fails with the findings of axe-core. */
export async function expectNoAxeFindings(page: Page): Promise<void> {
  expect(await findAxeViolations(page)).toEqual([]);
}
