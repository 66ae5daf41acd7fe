import { type PerWorker, watchWorkers } from "./bundle.ts";

export interface WatchOptions<Name extends string> {
  /** Path of each Worker's entry. */
  readonly entries: PerWorker<Name>;
  /** What is being served. */
  readonly scripts: PerWorker<Name>;
  /** Serves other scripts; rejects when one of them does not load. */
  readonly reload: (scripts: PerWorker<Name>) => Promise<void>;
  /** Called after each change: without errors when it is being served. */
  readonly onRebuild: (errors: readonly string[]) => void;
}

/**
 * Rebuilds Workers whose files change and reloads them, until the returned function is called. A change that does not
 * compile or load is reported, and the last scripts that did are served on.
 */
export async function watchScripts<Name extends string>(options: WatchOptions<Name>): Promise<() => Promise<void>> {
  const { entries, reload, onRebuild } = options;
  let serving = options.scripts;
  let working = Promise.resolve();

  const serve = async (scripts: PerWorker<Name>): Promise<readonly string[]> => {
    try {
      await reload(scripts);
      serving = scripts;
      return [];
    } catch (error) {
      await reload(serving);
      return [error instanceof Error ? error.message : String(error)];
    }
  };

  let isFirst = true;
  const stop = await watchWorkers(entries, (rebuild) => {
    // What was found at first is being served already, unless a file changed in between.
    const isServed = isFirst && "scripts" in rebuild && isSame(rebuild.scripts, serving);
    isFirst = false;
    if (isServed) return;
    working = working.then(async () => onRebuild("errors" in rebuild ? rebuild.errors : await serve(rebuild.scripts)));
  });
  return async () => {
    await stop();
    await working;
  };
}

function isSame<Name extends string>(one: PerWorker<Name>, other: PerWorker<Name>): boolean {
  return Object.entries(one).every(([name, script]) => script === other[name as Name]);
}
