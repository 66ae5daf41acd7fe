import { expect } from "vitest";
import { projectFile } from "./project-files.ts";

/** The page about running the gateway in production. */
export const GUIDE = projectFile("docs/guides/production.md");

/** The page without its line breaks. */
export const GUIDE_TEXT = GUIDE.replace(/\s+/g, " ");

/** Asserts that the page says this. Line breaks do not count. */
export function expectGuideToSay(text: string): void {
  expect(GUIDE_TEXT.includes(text), text).toBe(true);
}
