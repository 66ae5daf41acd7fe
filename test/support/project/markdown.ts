/** A link of a page: the path as it is written, and the anchor behind `#`; either may be empty. */
export interface PageLink {
  readonly path: string;
  readonly anchor: string;
}

const FENCED_BLOCK = /^```.*\n(?:(?!```).*\n)*```$/gm;

const GENERATED_SECTION = /^<!-- generated:begin [\s\S]*?<!-- generated:end -->$/gm;

/** The page without fenced blocks and inline code, in which brackets and bars mean nothing. Line numbers stay. */
export function withoutCode(markdown: string): string {
  return markdown
    .replace(FENCED_BLOCK, (block) => block.replace(/[^\n]/g, ""))
    .replace(/`[^`\n]*`/g, (code) => "x".repeat(code.length));
}

/** The files and folders of the repository that a page names as inline code, such as `src/app.ts`. */
export function pathsIn(markdown: string): readonly string[] {
  const outside = markdown.replace(FENCED_BLOCK, "");
  return Array.from(outside.matchAll(/`((?:src|test|docs|\.github)\/[\w./-]*)`/g), ([, path = ""]) => path);
}

/** Links and pictures to places inside the repository, in the order of the page. Web addresses are left out. */
export function relativeLinks(markdown: string): readonly PageLink[] {
  return Array.from(withoutCode(markdown).matchAll(/\]\(([^)\s]*)\)/g), ([, target = ""]) => target)
    .filter((target) => !/^[a-z][a-z0-9+.-]*:/i.test(target))
    .map((target) => ({ path: target.split("#")[0] ?? "", anchor: target.split("#")[1] ?? "" }));
}

/** The anchors that GitHub gives to the headings of a page; a repeated heading gets a number. */
export function anchorsOf(markdown: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const heading of headingsOf(markdown)) {
    const slug = heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replace(/\s/g, "-");
    let anchor = slug;
    for (let count = 1; anchors.has(anchor); count += 1) anchor = `${slug}-${count}`;
    anchors.add(anchor);
  }
  return anchors;
}

/** Inline code counts in an anchor, fenced blocks do not. */
function headingsOf(markdown: string): readonly string[] {
  const lines = markdown.split("\n");
  const outside = withoutCode(markdown).split("\n");
  return lines.filter((_, index) => /^#{1,6} /.test(outside[index] ?? "")).map((line) => line.replace(/^#+ /, ""));
}

/**
 * What is wrong with the tables of a page, each with its line number: a row with more or fewer cells than its header,
 * a table without the line of dashes, and a row that stands alone because a blank line or prose splits its table.
 */
export function brokenTables(markdown: string): readonly string[] {
  const faults: string[] = [];
  let columns = 0;
  let row = 0;
  for (const [index, line] of withoutCode(markdown).split("\n").entries()) {
    if (!line.startsWith("|")) {
      if (row === 1) faults.push(`line ${index}: a single row`);
      row = 0;
      continue;
    }
    row += 1;
    const cells = line.trimEnd().split(/(?<!\\)\|/).length - 2;
    if (row === 1) columns = cells;
    if (cells !== columns) faults.push(`line ${index + 1}: ${cells} cells in a table of ${columns}`);
    if (row === 2 && !/^\|(?: *:?-+:? *\|)+$/.test(line)) faults.push(`line ${index + 1}: no line of dashes`);
  }
  return faults;
}

/**
 * The numbers of the lines that are longer than this. Leaves out tables, fenced blocks, links on their own, and what a
 * tool writes between its markers.
 */
export function longLines(markdown: string, columns: number): readonly number[] {
  const lines = markdown.split("\n");
  const byHand = markdown.replace(GENERATED_SECTION, (section) => section.replace(/[^\n]/g, ""));
  return withoutCode(byHand)
    .split("\n")
    .flatMap((line, index) => {
      const isProse = line !== "" && !line.startsWith("|") && line.trim().includes(" ");
      return isProse && (lines[index] ?? "").length > columns ? [index + 1] : [];
    });
}
