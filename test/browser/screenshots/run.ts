/** `npm run screenshots`: takes the pictures of the console for the README and its guide, in light and in dark. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { ROOT } from "../../support/project/project-files.ts";
import { CHROMIUM_ARGUMENTS, findChromium } from "../support/chromium.ts";
import { openConsole } from "../support/open-console.ts";
import { settled } from "../support/settled.ts";
import { PICTURES, pictureOf, SCHEMES, SHOTS, type Shot } from "./shots.ts";
import { writeShownRepository } from "./shown-repository.ts";

const WINDOW = { width: 1280, height: 720 };
/** Text stays sharp, and each picture is far below the bound of its size. */
const QUALITY = 90;

const executablePath = findChromium();
if (executablePath === undefined) throw new Error("There is no /usr/bin/chromium, and CHROMIUM_PATH names no other.");

const folder = mkdtempSync(join(tmpdir(), "scopegate-pictures-"));
writeShownRepository(folder);
// The pages show the policy's name as it was given.
process.chdir(folder);
const shown = await openConsole("routes.json");
const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_ARGUMENTS] });
try {
  mkdirSync(join(ROOT, PICTURES), { recursive: true });
  for (const shot of SHOTS) {
    for (const scheme of SCHEMES) {
      const picture = await take(browser, shown.url, shot, scheme);
      writeFileSync(join(ROOT, pictureOf(shot, scheme)), picture);
      console.log(`${pictureOf(shot, scheme)}: ${Math.ceil(picture.length / 1024)} KiB`);
    }
  }
} finally {
  await browser.close();
  await shown.close();
  process.chdir(ROOT);
  rmSync(folder, { recursive: true });
}

async function take(from: Browser, url: string, { path, shows }: Shot, colorScheme: "light" | "dark"): Promise<Buffer> {
  const page = await from.newPage({ viewport: WINDOW, colorScheme, reducedMotion: "reduce" });
  await page.goto(url + path);
  await settled(page);
  // A page that has waited for its content says at what time it came. One that is opened again does not.
  await page.reload();
  await page.locator("main").getByText(shows).first().waitFor();
  // Playwright takes PNG and JPEG only, and both are larger.
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send("Page.captureScreenshot", { format: "webp", quality: QUALITY });
  await page.close();
  return Buffer.from(data, "base64");
}
