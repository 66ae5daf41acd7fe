/** Bundles each Worker into one module that workerd loads, as wrangler would. */
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

/** What to bundle differently from the files on disk. */
export interface BundleOptions {
  /**
   * Contents that replace files on disk, by path; relative paths start at the working directory. Tests use it to bundle
   * a Worker with another `routes.json`.
   */
  readonly files?: Readonly<Record<string, string>>;
  /** Imports that are not bundled, by specifier: the name of a module that the Worker gets when it starts. */
  readonly givenModules?: Readonly<Record<string, string>>;
  /** Whether the module is minified and its functions lose their names, as in a deployment. Left out: no. */
  readonly minify?: boolean;
}

/** A text for each Worker, by its name: the path of its entry, or its bundled module. */
export type PerWorker<Name extends string> = Readonly<Record<Name, string>>;

/** The outcome of a rebuild: the modules, or one message for each error. */
export type Rebuild<Name extends string> =
  | { readonly scripts: PerWorker<Name> }
  | { readonly errors: readonly string[] };

/** Resolves to the text of the module. Rejects with esbuild's `BuildFailure`, whose `message` lists the errors. */
export async function bundleWorker(entry: string, options: BundleOptions = {}): Promise<string> {
  return (await bundleWorkers({ worker: entry }, options)).worker;
}

/** Bundles several Workers at once. Rejects like `bundleWorker`. */
export async function bundleWorkers<Name extends string>(
  entries: PerWorker<Name>,
  options: BundleOptions = {},
): Promise<PerWorker<Name>> {
  const { outputFiles } = await build({ ...buildOptions(entries, options), plugins: pluginsFor(options) });
  return scriptsOf(outputFiles);
}

/** What to watch, and whom to tell. */
export interface WatchWorkersOptions<Name extends string> {
  /** The path of each Worker's entry. */
  readonly entries: PerWorker<Name>;
  readonly bundle?: BundleOptions;
  /** Absolute paths of other files to watch, asked for with each build; they need not exist. */
  readonly otherFiles?: () => readonly string[];
  /** Called once a change has settled, because a file may be half written when its change is noticed. */
  readonly onRebuild: (rebuild: Rebuild<Name>) => void;
}

/**
 * Bundles Workers, and bundles them again when one of their files changes, until the returned function is called.
 * Resolves after the first build, which `onRebuild` gets as well. A change is noticed within about two seconds, because
 * esbuild polls, which works on every file system.
 */
export async function watchWorkers<Name extends string>(
  options: WatchWorkersOptions<Name>,
): Promise<() => Promise<void>> {
  const { entries, bundle = {}, otherFiles = () => [], onRebuild } = options;
  const first = Promise.withResolvers<void>();
  let isFirst = true;
  // `onEnd` reports the errors that `rebuild` rejects with.
  const again = (): void => void watching.rebuild().catch(() => undefined);
  const look = secondLook<Rebuild<Name>>(again, onRebuild);
  const report: Plugin = {
    name: "report",
    setup({ onEnd, onResolve }) {
      onResolve({ filter: /./ }, ({ kind }) =>
        kind === "entry-point" ? { watchFiles: [...otherFiles()] } : undefined,
      );
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
  const watching = await context({ ...buildOptions(entries, bundle), plugins: [report, ...pluginsFor(bundle)] });
  // Without this, the process of a watching esbuild could outlive this one, waiting for answers that never come.
  process.once("exit", stop);
  await watching.watch();
  await first.promise;
  return async () => {
    look.stop();
    await watching.dispose();
    process.removeListener("exit", stop);
  };
}

/** Whether an error is about the bundled code, and not a bug of the bundler. */
export function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && "errors" in error && Array.isArray(error.errors);
}

function buildOptions(entries: PerWorker<string>, { minify = false }: BundleOptions) {
  return {
    entryPoints: { ...entries },
    bundle: true,
    write: false,
    // Nothing is written there. It gives the outputs the names of the entries.
    outdir: "bundled",
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: ["workerd", "worker", "browser"],
    target: "es2024",
    external: ["cloudflare:*"],
    minify,
    keepNames: !minify,
    logLevel: "silent",
  } as const satisfies BuildOptions;
}

function scriptsOf<Name extends string>(files: readonly OutputFile[]): PerWorker<Name> {
  const scripts = Object.fromEntries(files.map(({ path, text }) => [basename(path, ".js"), text]));
  return scripts as PerWorker<Name>;
}

function pluginsFor({ files = {}, givenModules = {} }: BundleOptions): Plugin[] {
  return [replaceFiles(files), leaveOut(givenModules)];
}

function leaveOut(modules: Readonly<Record<string, string>>): Plugin {
  return {
    name: "leave-out",
    setup({ onResolve }) {
      onResolve({ filter: /./ }, ({ path }) => {
        const module = Object.hasOwn(modules, path) ? modules[path] : undefined;
        return module === undefined ? undefined : { path: module, external: true };
      });
    },
  };
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
