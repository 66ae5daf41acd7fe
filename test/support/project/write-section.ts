import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./project-files.ts";

/** Sections of the README and of the pages under `docs/measurements` that tools write. */
export type SectionName = "bench" | "features" | "routes" | "start" | "soak" | "mutants" | "simulation" | "revocations";

const END = "<!-- generated:end -->";

/**
 * Writes what a tool measured into a page of the project, between `<!-- generated:begin NAME -->` and
 * `<!-- generated:end -->`. Throws, and writes nothing, where the page has no such section.
 *
 * @param page path from the project's root
 */
export function writeSection(page: string, name: SectionName, content: string): void {
  const file = join(ROOT, page);
  writeFileSync(file, replaceSection(readFileSync(file, "utf8"), name, content));
}

/** The page with `content` in its section `name`. Throws unless the page has exactly one such section, with an end. */
export function replaceSection(page: string, name: SectionName, content: string): string {
  const begin = `<!-- generated:begin ${name} -->`;
  const [before, rest, ...others] = page.split(begin);
  if (rest === undefined) throw new Error(`The page has no line ${begin}.`);
  if (others.length > 0) throw new Error(`The page has the line ${begin} more than once.`);
  const end = rest.indexOf(END);
  const next = rest.indexOf("<!-- generated:begin ");
  if (end === -1 || (next !== -1 && next < end)) throw new Error(`The page has no line ${END} after ${begin}.`);
  if (content.includes("<!-- generated:")) throw new Error("The content holds a marker, which would end the section.");
  return `${before}${begin}\n\n${content.trim()}\n\n${rest.slice(end)}`;
}
