import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { describe, expect, it } from "vitest";
import { exampleFile, scratchDirectory } from "../support/cli/run-scopegate.ts";
import { CHROMIUM_ARGUMENTS, findChromium } from "./support/chromium.ts";
import { openConsole } from "./support/open-console.ts";

const CHROMIUM = findChromium();
const SIGNATURE = "SignatureOfTheTokenThatWasPasted";
const PAYLOAD = Buffer.from('{"iss":"https://issuer.example","sub":"alice"}').toString("base64url");
const TOKEN = `eyJhbGciOiJSUzI1NiJ9.${PAYLOAD}.${SIGNATURE}`;

describe.skipIf(CHROMIUM === undefined)("what Chromium keeps on its disk", () => {
  const scratch = scratchDirectory();

  /** The files of a profile that contain a text, in one byte or in two for each character. */
  const filesWith = (profile: string, text: string) =>
    readdirSync(profile, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .filter((file) => {
        const bytes = readFileSync(file);
        return bytes.includes(text) || bytes.includes(Buffer.from(text, "utf16le"));
      });

  it("has the address of the page, and nothing of a token that was typed, judged and left", async () => {
    await using open = await openConsole(scratch.write("policy.json", exampleFile()));
    const profile = scratch.folder().path;
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: CHROMIUM ?? "",
      args: [...CHROMIUM_ARGUMENTS],
    });
    const page = await context.newPage();
    await page.goto(`${open.url}/why?path=/orders/17`);
    await page.getByLabel("Access token").fill(TOKEN);
    await page.getByRole("button", { name: "Ask", exact: true }).click();
    await page.locator(".answer[data-from=token]").waitFor();
    // Going to a part of the answer keeps it, and makes an entry in the history.
    await page.evaluate(() => location.assign("#asked"));
    expect(await page.locator(".answer[data-from=token]").count()).toBe(1);
    await page.getByLabel("Access token").fill(TOKEN);
    await page.getByRole("link", { name: "Keys" }).click();
    await page.waitForURL("**/keys");
    await page.goBack();
    expect(await page.locator(".answer[data-from=token]").count()).toBe(0);
    await context.close();
    expect(filesWith(profile, "/orders/17")).not.toEqual([]);
    expect(filesWith(profile, SIGNATURE)).toEqual([]);
  });
});
