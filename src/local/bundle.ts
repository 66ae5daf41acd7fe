/** Bundles Workers into the one module each that workerd loads, as wrangler would. */
import { basename, resolve } from "node:path";
import {
  type BuildFailure,
  type BuildOptions,
  build,
  context,
  formatMessages,
  type OutputFile,
  type Plugin,
  stop,
} from "esbuild";
import { secondLook } from "./second-look.ts";

export interface BundleOptions {
  /**
   * Contents that stand in for files on disk, by path; a relative one starts at the working directory. For Workers with
   * another `routes.json`.
   */
  readonly files?: Readonly<Record<string, string>>;
}

/** Something of each Worker, by its name: path of the entry, text of the bundled module. */
export type PerWorker<Name extends string> = Readonly<Record<Name, string>>;

/** What a rebuild came to: the modules, or what was wrong, one message each. */
export type Rebuild<Name extends string> =
  | { readonly scripts: PerWorker<Name> }
  | { readonly errors: readonly string[] };

/** Resolves to the module's text. Rejects with esbuild's `BuildFailure`; its `message` lists the errors. */
export async function bundleWorker(entry: string, options: BundleOptions = {}): Promise<string> {
  return (await bundleWorkers({ worker: entry }, options)).worker;
}

/** As `bundleWorker`, for several Workers at once. */
export async function bundleWorkers<Name extends string>(
  entries: PerWorker<Name>,
  options: BundleOptions = {},
): Promise<PerWorker<Name>> {
  const { outputFiles } = await build({ ...buildOptions(entries), plugins: [replaceFiles(options.files ?? {})] });
  return scriptsOf(outputFiles);
}

export interface WatchWorkersOptions<Name extends string> {
  /** Path of each Worker's entry. */
  readonly entries: PerWorker<Name>;
  /** Absolute paths of other files whose change counts as well; they need not be there. */
  readonly otherFiles?: readonly string[];
  /** Hears of a change once it has settled, for a file may be half written when its change is noticed. */
  readonly onRebuild: (rebuild: Rebuild<Name>) => void;
}

/**
 * Bundles, and again whenever a file that went into a bundle changes, until the returned function is called. Resolves
 * after the first time, of which `onRebuild` hears too. A change is noticed within about two seconds: esbuild polls,
 * which works on every file system.
 */
export async function watchWorkers<Name extends string>(
  options: WatchWorkersOptions<Name>,
): Promise<() => Promise<void>> {
  const { entries, otherFiles = [], onRebuild } = options;
  const first = Promise.withResolvers<void>();
  let isFirst = true;
  // What `rebuild` rejects with, `onEnd` has heard of.
  const again = (): void => void watching.rebuild().catch(() => undefined);
  const look = secondLook<Rebuild<Name>>(again, onRebuild);
  const report: Plugin = {
    name: "report",
    setup({ onEnd, onResolve }) {
      onResolve({ filter: /./ }, ({ kind }) => (kind === "entry-point" ? { watchFiles: [...otherFiles] } : undefined));
      onEnd(async ({ errors, outputFiles }) => {
        const rebuild =
          errors.length === 0
            ? { scripts: scriptsOf<Name>(outputFiles ?? []) }
            : { errors: await formatMessages(errors, { kind: "error" }) };
        if (isFirst) onRebuild(rebuild);
        else look.at(rebuild);
        isFirst = false;
        first.resolve();
      });
    },
  };
  const watching = await context({ ...buildOptions(entries), plugins: [report] });
  // While it watches, esbuild's own process may outlive this one: it waits for answers that never come.
  process.once("exit", stop);
  await watching.watch();
  await first.promise;
  return async () => {
    look.stop();
    await watching.dispose();
    process.removeListener("exit", stop);
  };
}

/** Whether an error is one of the bundled code and no fault of the bundler. */
export function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && "errors" in error && Array.isArray(error.errors);
}

function buildOptions(entries: PerWorker<string>) {
  return {
    entryPoints: { ...entries },
    bundle: true,
    write: false,
    // Nothing is written; the names of the outputs are those of the entries.
    outdir: "bundled",
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

function scriptsOf<Name extends string>(files: readonly OutputFile[]): PerWorker<Name> {
  const scripts = Object.fromEntries(files.map(({ path, text }) => [basename(path, ".js"), text]));
  return scripts as PerWorker<Name>;
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
