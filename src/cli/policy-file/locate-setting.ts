import type { Fault } from "../../policy/fault.ts";
import { createLocator, type Locator, type Position } from "../../policy/source/locator.ts";

/**
 * Makes a function that gives the position of a setting in the text of a wrangler file. If the setting is missing, it
 * is the position of the nearest setting around it. For TOML it finds tables and the keys at the beginning of a line,
 * so a setting inside an array or inside braces has the position of the key in front of it.
 *
 * The text must be a valid wrangler file.
 *
 * @param file its name; a name that ends in `.toml` means TOML, any other JSON with comments
 */
export function createSettingLocator(file: string, text: string): Locator {
  return file.endsWith(".toml") ? createTomlLocator(text) : createLocator(withoutComments(text));
}

/** JSON without comments and trailing commas. Blanks take their place, so that no position changes. */
function withoutComments(text: string): string {
  const blank = (found: string) => found.replace(/[^\n]/g, " ");
  const isText = (found: string) => found.startsWith('"');
  return text
    .replace(/"(?:[^"\\]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (found) => (isText(found) ? found : blank(found)))
    .replace(/"(?:[^"\\]|\\.)*"|,(?=\s*[}\]])/g, (found) => (isText(found) ? found : " "));
}

const TOP: Position = { line: 1, column: 1 };

function createTomlLocator(text: string): Locator {
  const places = readToml(text);
  return (path) => {
    for (let length = path.length; length > 0; length -= 1) {
      const place = places.get(keyOf(path.slice(0, length)));
      if (place !== undefined) return place;
    }
    return TOP;
  };
}

/** The positions of all tables and keys, by their paths. The first place of a path counts. */
function readToml(text: string): ReadonlyMap<string, Position> {
  const places = new Map<string, Position>();
  const lengths = new Map<string, number>();
  let table: Fault["path"] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const column = line.search(/\S/) + 1;
    const put = (path: Fault["path"]) => {
      for (let length = 1; length <= path.length; length += 1) {
        const key = keyOf(path.slice(0, length));
        if (!places.has(key)) places.set(key, { line: index + 1, column });
      }
    };
    const [, array, header] = /^\s*\[(\[?)\s*([^\][]+?)\s*\]/.exec(line) ?? [];
    if (header !== undefined) {
      table = stepsOf(header);
      if (array === "[") {
        const count = lengths.get(keyOf(table)) ?? 0;
        lengths.set(keyOf(table), count + 1);
        table = [...table, count];
      }
      put(table);
      continue;
    }
    const [, key] = /^\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=/.exec(line) ?? [];
    if (key !== undefined) put([...table, ...stepsOf(key)]);
  }
  return places;
}

/** The steps of a dotted key: `env."a.b".vars` has three. */
function stepsOf(key: string): readonly string[] {
  return Array.from(
    key.matchAll(/"([^"]*)"|'([^']*)'|[\w-]+/g),
    ([whole, double, single]) => double ?? single ?? whole,
  );
}

function keyOf(path: Fault["path"]): string {
  return JSON.stringify(path);
}
