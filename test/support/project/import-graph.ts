import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";

/** For each file, what it imports: files by their path from the same folder, and packages by their name. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

/** `import` and `export ... from` with their braces and names, as the formatter writes them: at the start of a line. */
const STATEMENT = /^(?:import|export)\s[\w\s$*,{}]*?\bfrom\s+"([^"]+)"/gm;
const SIDE_EFFECT = /^import\s+"([^"]+)"/gm;
/** Loads a module at run time, or names its type. */
const CALL = /\bimport\(\s*(?:"([^"]+)"\s*[,)]|)/g;

/**
 * The module specifiers that a TypeScript source imports or re-exports. Type-only imports and `import("...")` count.
 * Throws for an `import()` whose argument is not a plain string, because nobody could say what it loads.
 */
export function importsOf(source: string): readonly string[] {
  const found = [STATEMENT, SIDE_EFFECT, CALL].flatMap((form) =>
    Array.from(source.matchAll(form), ([text, specifier]) => {
      if (specifier === undefined) throw new Error(`An import whose argument is not a string: ${text}`);
      return specifier;
    }),
  );
  return [...new Set(found)];
}

/** The imports of all TypeScript files of a folder and below. A relative import becomes a path from that folder. */
export function readImportGraph(folder: string): ImportGraph {
  return new Map(
    filesOf(folder)
      .filter((file) => file.endsWith(".ts"))
      .map((file) => [
        file,
        importsOf(readFileSync(join(folder, file), "utf8")).map((specifier) =>
          specifier.startsWith(".") ? posix.join(posix.dirname(file), specifier) : packageOf(specifier),
        ),
      ]),
  );
}

/** The files of a folder and below, as paths from it with `/`, sorted. */
export function filesOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll("\\", "/"),
    )
    .sort();
}

/** `hono` for `hono/utils`, `@scope/name` for `@scope/name/part`, and `node:` for every module of Node. */
function packageOf(specifier: string): string {
  if (specifier.startsWith("node:")) return "node:";
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}

/** The import circles: each a set of files that all import one another, directly or through others. Sorted. */
export function importCircles(graph: ImportGraph): readonly (readonly string[])[] {
  const reached = new Map(Array.from(graph.keys(), (file) => [file, reachableFrom(file, graph)]));
  const circles = Array.from(reached, ([file, targets]) =>
    targets.has(file) ? [...targets].filter((other) => reached.get(other)?.has(file)).sort() : [],
  ).filter((circle) => circle.length > 0);
  return [...new Map(circles.map((circle) => [circle.join(), circle])).values()].sort();
}

/** The files that a file imports, directly or through others: itself only where it is in a circle. */
function reachableFrom(file: string, graph: ImportGraph): ReadonlySet<string> {
  const reached = new Set<string>();
  const queue = [file];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    for (const target of graph.get(next) ?? []) {
      if (!graph.has(target) || reached.has(target)) continue;
      reached.add(target);
      queue.push(target);
    }
  }
  return reached;
}
