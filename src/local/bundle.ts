/** Bundles a Worker's entry into the one module that workerd loads, as wrangler would. */
import { resolve } from "node:path";
import { type BuildFailure, type BuildOptions, build, context, formatMessages, type Plugin } from "esbuild";

export interface BundleOptions {
  /**
   * Contents that stand in for files on disk, by path; a relative one starts at the working directory. For Workers with another
   * `routes.json`.
   */
  readonly files?: Readonly<Record<string, string>>;
}

/** What a rebuild came to: the module's text, or what was wrong, one message each. */
export type Bundle = { readonly script: string } | { readonly errors: readonly string[] };

/** Resolves to the module's text. Rejects with esbuild's `BuildFailure`; its `message` lists the errors. */
export async function bundleWorker(entry: string, options: BundleOptions = {}): Promise<string> {
  const { outputFiles } = await build({ ...buildOptions(entry), plugins: [replaceFiles(options.files ?? {})] });
  return outputFiles.map(({ text }) => text).join("");
}

/**
 * Bundles, and again whenever a file that went into the bundle changes, until the returned function is called. `onBundle`
 * hears of the first bundle too. A change is noticed within about two seconds: esbuild polls, which every file system bears.
 */
export async function watchWorker(entry: string, onBundle: (bundle: Bundle) => void): Promise<() => Promise<void>> {
  const report: Plugin = {
    name: "report",
    setup({ onEnd }) {
      onEnd(async ({ errors, outputFiles }) => {
        const script = outputFiles?.[0]?.text;
        if (errors.length === 0 && script !== undefined) onBundle({ script });
        else onBundle({ errors: await formatMessages(errors, { kind: "error" }) });
      });
    },
  };
  const watching = await context({ ...buildOptions(entry), plugins: [report] });
  await watching.watch();
  return () => watching.dispose();
}

/** Whether an error is one of the bundled code and no fault of the bundler. */
export function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && "errors" in error && Array.isArray(error.errors);
}

function buildOptions(entry: string) {
  return {
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: ["workerd", "worker", "browser"],
    target: "es2024",
    external: ["cloudflare:*"],
    keepNames: true,
    logLevel: "silent",
  } as const satisfies BuildOptions;
}

function replaceFiles(files: Readonly<Record<string, string>>): Plugin {
  const contents = new Map(Object.entries(files).map(([path, text]) => [resolve(path), text]));
  return {
    name: "replace-files",
    setup({ onLoad }) {
      onLoad({ filter: /./ }, ({ path }) => {
        const text = contents.get(path);
        return text === undefined ? undefined : { contents: text, loader: "default" };
      });
    },
  };
}
