import { posix } from "node:path";
import type { ImportGraph } from "./import-graph.ts";

/**
 * For each layer, the layers and packages that its files may import. A layer is a folder without the folders below it,
 * or one file, which then does not belong to its folder's layer. Imports within a layer are always allowed.
 */
export type Layers = Readonly<Record<string, readonly string[]>>;

/** The layer of a file; `undefined` where the table has none. */
function layerOf(file: string, layers: Layers): string | undefined {
  return [file, posix.dirname(file)].find((name) => Object.hasOwn(layers, name));
}

/** The files that belong to no layer. */
export function filesWithoutLayer(graph: ImportGraph, layers: Layers): readonly string[] {
  return [...graph.keys()].filter((file) => layerOf(file, layers) === undefined);
}

/** The imports that the table does not allow, as `importing file -> imported file or package`. */
export function forbiddenImports(graph: ImportGraph, layers: Layers): readonly string[] {
  return Array.from(graph).flatMap(([file, targets]) => {
    const layer = layerOf(file, layers);
    const allowed = layer === undefined ? [] : [layer, ...(layers[layer] ?? [])];
    return targets
      .filter((target) => !allowed.includes(layerOf(target, layers) ?? target))
      .map((target) => `${file} -> ${target}`);
  });
}

/** The folders that hold more than `limit` files at one level, as `folder: number of files`. */
export function crowdedFolders(files: readonly string[], limit: number): readonly string[] {
  const counts = Map.groupBy(files, (file) => posix.dirname(file));
  return Array.from(counts, ([folder, { length }]) => ({ folder, length }))
    .filter(({ length }) => length > limit)
    .map(({ folder, length }) => `${folder}: ${length}`);
}
