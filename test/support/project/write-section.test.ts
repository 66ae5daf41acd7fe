import { describe, expect, it } from "vitest";
import { projectFile } from "./project-files.ts";
import { replaceSection, type SectionName } from "./write-section.ts";

const page = [
  "# Page",
  "",
  "<!-- generated:begin bench -->",
  "",
  "old",
  "",
  "<!-- generated:end -->",
  "",
  "Between.",
  "",
  "<!-- generated:begin soak -->",
  "<!-- generated:end -->",
  "",
].join("\n");

describe("a section of a page", () => {
  it("is replaced, and nothing else of the page", () => {
    expect(replaceSection(page, "bench", "new\n")).toBe(page.replace("old", "new"));
  });

  it("may be empty before", () => {
    const filled = "<!-- generated:begin soak -->\n\nnew\n\n<!-- generated:end -->";
    expect(replaceSection(page, "soak", "new")).toBe(
      page.replace("<!-- generated:begin soak -->\n<!-- generated:end -->", filled),
    );
  });

  it("stays the same when the same is written again", () => {
    const once = replaceSection(page, "bench", "| a |\n|---|\n| $& |");
    expect(replaceSection(once, "bench", "| a |\n|---|\n| $& |")).toBe(once);
  });
});

describe("nothing is written", () => {
  it.each([
    { name: "where the page has no such section", text: page, section: "mutants" },
    { name: "where it has two", text: page + page, section: "bench" },
    { name: "where the section has no end", text: "<!-- generated:begin bench -->\n", section: "bench" },
    {
      name: "where the end is that of another section",
      text: "<!-- generated:begin bench -->\n<!-- generated:begin soak -->\n<!-- generated:end -->\n",
      section: "bench",
    },
  ] as const)("$name", ({ text, section }) => {
    expect(() => replaceSection(text, section, "new")).toThrow("The page has");
  });

  it("where the content would end the section", () => {
    expect(() => replaceSection(page, "bench", "<!-- generated:end -->")).toThrow("marker");
  });
});

it.each<{ page: string; section: SectionName }>([
  { page: "performance", section: "bench" },
  { page: "performance", section: "routes" },
  { page: "performance", section: "start" },
  { page: "reliability", section: "soak" },
  { page: "mutants", section: "mutants" },
  { page: "simulation", section: "simulation" },
  { page: "simulation", section: "revocations" },
])("the page $page has the section $section", ({ page: name, section }) => {
  expect(replaceSection(projectFile(`docs/measurements/${name}.md`), section, "new")).toContain("new");
});
