import { type BundleOptions, type PerWorker, type Rebuild, watchWorkers } from "./bundle.ts";

/** What to watch, and how to reload it. */
export interface WatchOptions<Name extends string> {
  /** The path of each Worker's entry. */
  readonly entries: PerWorker<Name>;
  readonly bundle?: BundleOptions;
  /** Absolute paths of other files to watch; see `watchWorkers`. */
  readonly otherFiles?: () => readonly string[];
  /** The modules that are being served. */
  readonly scripts: PerWorker<Name>;
  /** Called before each reload. If it rejects, the error is reported and nothing is reloaded. */
  readonly prepare?: () => Promise<void>;
  /** Serves new modules. Rejects if one of them does not load. */
  readonly reload: (scripts: PerWorker<Name>) => Promise<void>;
  /** Called after each change, without errors if the change is being served. The next change waits for it. */
  readonly onRebuild: (errors: readonly string[]) => void | Promise<void>;
}

/**
 * Rebuilds and reloads Workers when their files change, until the returned function is called. A change that does not
 * compile or load is reported, and the last working modules stay in service.
 */
export async function watchScripts<Name extends string>(options: WatchOptions<Name>): Promise<() => Promise<void>> {
  const { entries, bundle = {}, otherFiles = () => [], prepare, reload, onRebuild } = options;
  let serving = options.scripts;
  let working = Promise.resolve();

  const serve = async (scripts: PerWorker<Name>): Promise<readonly string[]> => {
    try {
      await prepare?.();
    } catch (error) {
      return [messageOf(error)];
    }
    try {
      await reload(scripts);
      serving = scripts;
      return [];
    } catch (error) {
      await reload(serving);
      return [messageOf(error)];
    }
  };

  let isFirst = true;
  const found = (rebuild: Rebuild<Name>): void => {
    // The first build is being served already, unless a file changed in between.
    const isServed = isFirst && "scripts" in rebuild && isSame(rebuild.scripts, serving);
    isFirst = false;
    if (isServed) return;
    working = working.then(async () => onRebuild("errors" in rebuild ? rebuild.errors : await serve(rebuild.scripts)));
  };
  const stop = await watchWorkers({ entries, bundle, otherFiles, onRebuild: found });
  return async () => {
    await stop();
    await working;
  };
}

function isSame<Name extends string>(one: PerWorker<Name>, other: PerWorker<Name>): boolean {
  return Object.entries(one).every(([name, script]) => script === other[name as Name]);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
