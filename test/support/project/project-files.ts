import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The project's root folder. */
export const ROOT = join(import.meta.dirname, "../../..");

/** The root's policy, which belongs to the team. Tests replace its text in bundles, but do not read it. */
export const ROOT_POLICY = join(ROOT, "routes.json");

/** The policy that the demo and the tests run, from the root. */
export const SHOP_POLICY = "examples/shop/routes.json";

/** The wrangler file beside `SHOP_POLICY`, from the root. */
export const SHOP_WRANGLER = "examples/shop/wrangler.toml";

/** The policy of the shop's MCP server, from the root. */
export const MCP_POLICY = "examples/mcp/routes.json";

/** The text of one of the project's files; `path` from the root. */
export function projectFile(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

/**
 * The rows of every table whose header is exactly this, cells without the spaces around them. Throws when there is no
 * such table or it has no row, so that no test passes by finding nothing. A `\|` is a character of its cell.
 */
export function tableRows(markdown: string, header: readonly string[]): readonly (readonly string[])[] {
  const rows: (readonly string[])[] = [];
  let inside = false;
  for (const line of markdown.split("\n")) {
    const cells = cellsOf(line);
    if (cells.length === 0) inside = false;
    else if (cells.join("|") === header.join("|")) inside = true;
    else if (inside && !cells.every((cell) => /^:?-+:?$/.test(cell))) rows.push(cells);
  }
  if (rows.length === 0) throw new Error(`No table | ${header.join(" | ")} |.`);
  return rows;
}

function cellsOf(line: string): readonly string[] {
  if (!line.startsWith("|")) return [];
  return line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim().replaceAll("\\|", "|"));
}
