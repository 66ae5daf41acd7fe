import { existsSync, globSync } from "node:fs";
import { dirname, join, normalize } from "node:path/posix";
import { describe, expect, it } from "vitest";
import { demoScenario } from "../../src/cli/demo/demo-scenario.ts";
import type { Stack } from "../../src/local/stack.ts";
import {
  anchorsOf,
  brokenTables,
  longLines,
  type PageLink,
  pathsIn,
  relativeLinks,
  withoutCode,
} from "../support/project/markdown.ts";
import { projectFile, ROOT } from "../support/project/project-files.ts";

const PAGES = globSync(["*.md", "{docs,src,test,examples,.github}/**/*.md"], {
  cwd: ROOT,
  exclude: ["**/node_modules/**"],
})
  .map((page) => page.replaceAll("\\", "/"))
  .toSorted();

/** The widest line of prose. */
const MAX_COLUMNS = 120;

/** What a link of a page leads to, from the root. */
function targetOf(page: string, link: PageLink): string {
  return link.path === "" ? page : normalize(join(dirname(page), link.path));
}

/** The targets of the page's links, as they are written, that do not exist. */
function deadLinks(page: string): readonly string[] {
  return relativeLinks(projectFile(page))
    .filter((link) => {
      const target = targetOf(page, link);
      if (!existsSync(join(ROOT, target))) return true;
      return link.anchor !== "" && !(target.endsWith(".md") && anchorsOf(projectFile(target)).has(link.anchor));
    })
    .map(({ path, anchor }) => (anchor === "" ? path : `${path}#${anchor}`));
}

/** The pages that a reader finds by following links, beginning at these. */
function reachablePages(from: readonly string[]): ReadonlySet<string> {
  const found = new Set(from);
  for (const page of found) {
    for (const link of relativeLinks(projectFile(page))) {
      const target = targetOf(page, link);
      if (PAGES.includes(target)) found.add(target);
    }
  }
  return found;
}

describe("the pages of the documentation", () => {
  it.each(PAGES)("have links and anchors that exist: %s", (page) => {
    expect(deadLinks(page)).toEqual([]);
  });

  it.each(PAGES)("have whole tables: %s", (page) => {
    expect(brokenTables(projectFile(page))).toEqual([]);
  });

  it.each(PAGES)(`have no prose wider than ${MAX_COLUMNS} columns: %s`, (page) => {
    expect(longLines(projectFile(page), MAX_COLUMNS)).toEqual([]);
  });

  it.each(PAGES)("name only files and folders that exist: %s", (page) => {
    expect(pathsIn(projectFile(page)).filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it("are all reachable from the README or the index of docs", () => {
    const reachable = reachablePages(["README.md", "docs/README.md"]);
    expect(PAGES.filter((page) => !reachable.has(page))).toEqual([]);
    expect(PAGES.length).toBeGreaterThan(10);
  });
});

describe("the picture of the architecture", () => {
  it("names only files and folders of src", () => {
    const [picture = ""] = /^```\n[\s\S]*?^```$/m.exec(projectFile("docs/architecture.md")) ?? [];
    const named = (picture.match(/[\w/-]+(?:\.ts|\/)(?=\s)/g) ?? []).filter((path) => !path.startsWith("/"));
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((path) => !existsSync(join(ROOT, "src", path)))).toEqual([]);
  });
});

describe("the README", () => {
  it("shows calls that the demo makes, with the answers that it expects, and counts them", () => {
    const readme = projectFile("README.md");
    // The steps ask for the addresses when they are played, which they are not here.
    const steps = demoScenario({ urls: {} } as Stack).map(({ call, expected }) => `${call}  ${expected}`);
    const shown = Array.from(
      readme.matchAll(/^ok {4}(.+?) {2,}(\d{3} .+)$/gm),
      ([, call, answer]) => `${call}  ${answer}`,
    );
    expect(shown).toHaveLength(6);
    expect(shown.filter((line) => !steps.map(collapse).includes(collapse(line)))).toEqual([]);
    expect(readme).toContain(`Six of the ${steps.length} calls`);
  });
});

/** With one space where the table has several. */
function collapse(text: string): string {
  return text.replace(/ +/g, " ");
}

describe("what checks the pages", () => {
  it("blanks code and keeps the lines", () => {
    expect(withoutCode("a `b|c` d\n```json\n[x](y)\n```\ne")).toBe("a xxxxx d\n\n\n\ne");
  });

  it("finds links and pictures, but none in code and none to the web", () => {
    const page = "[a](b.md#c) ![d](e.svg) `[f](g)` [h](https://example.com) [i](#j)\n```\n[k](l)\n```";
    expect(relativeLinks(page)).toEqual([
      { path: "b.md", anchor: "c" },
      { path: "e.svg", anchor: "" },
      { path: "", anchor: "j" },
    ]);
  });

  it("finds the paths that a page names", () => {
    expect(
      pathsIn("`src/a.ts` and `docs/b/` or `npm run c`, `src/*.ts`, `test/<name>.ts`\n```\n`src/d.ts`\n```"),
    ).toEqual(["src/a.ts", "docs/b/"]);
  });

  it("gives headings the anchors of GitHub", () => {
    const page = "# routes.json\n## What's `--strict`?\n## A b\n## A b\n```\n# no heading\n```";
    expect([...anchorsOf(page)]).toEqual(["routesjson", "whats---strict", "a-b", "a-b-1"]);
  });

  it("finds tables that are broken", () => {
    expect(brokenTables("| a | b |\n|---|:-:|\n| `x|y` \\| z | 1 |\n")).toEqual([]);
    expect(brokenTables("| a | b |\n|---|---|\n| 1 |\n")).toEqual(["line 3: 1 cells in a table of 2"]);
    expect(brokenTables("| a |\n| 1 |\n")).toEqual(["line 2: no line of dashes"]);
    expect(brokenTables("| a |\n|---|\n| 1 |\n\n| 2 |\n\nText")).toEqual(["line 5: a single row"]);
  });

  it("finds long lines of prose, but none in tables and code", () => {
    const wide = "ab ".repeat(5);
    expect(longLines(`${wide}\n| ${wide} |\n\`\`\`\n${wide}\n\`\`\`\n[x](abcdefghijklmnop)`, 10)).toEqual([1]);
    expect(longLines("ab cd efgh", 10)).toEqual([]);
    const section = `<!-- generated:begin x -->\n${wide}\n<!-- generated:end -->`;
    expect(longLines(`${section}\n${wide}\n${section}`, 10)).toEqual([4]);
  });
});
