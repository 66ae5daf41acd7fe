import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { build } from "esbuild";
import { ownModule } from "../../../installation.ts";

/** A script or a style sheet of the console's pages, by its file name: `routes.js`, `console.css`. */
export type Assets = ReadonlyMap<string, { readonly type: string; readonly text: string }>;

/**
 * Bundles what pages load: for each name `browser/<name>.ts` and `styles/<name>.css`, as far as they exist. In the
 * package, the scripts are JavaScript already. Each output contains all it needs, and loads nothing.
 *
 * @param names the ids of views, and `console` for what every page loads
 */
export async function bundleAssets(names: readonly string[]): Promise<Assets> {
  const styles = join(import.meta.dirname, "../styles");
  const files = names.flatMap((name) => [
    { in: ownModule(`cli/console/browser/${name}`), out: name },
    { in: join(styles, `${name}.css`), out: name },
  ]);
  const { outputFiles } = await build({
    entryPoints: files.filter((file) => existsSync(file.in)),
    bundle: true,
    // Otherwise comments name the folders of this machine, also in the file of `matrix --html`.
    minifyWhitespace: true,
    write: false,
    // Nothing is written there. It gives the outputs the names of the entries.
    outdir: "bundled",
    format: "esm",
    platform: "browser",
    target: ["es2024", "chrome120", "firefox121", "safari17"],
    logLevel: "silent",
  });
  return new Map(
    outputFiles.map(({ path, text }) => {
      const type = path.endsWith(".css") ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8";
      return [basename(path), { type, text }];
    }),
  );
}
