import { watchWorker } from "./bundle.ts";

/** Changes that come this close together are one reload: a change of `routes.json` rebuilds two Workers. */
const RELOAD_DELAY_MS = 100;

export interface WatchOptions<Name extends string> {
  /** Path of each Worker's entry. */
  readonly entries: Readonly<Record<Name, string>>;
  /** What is being served. */
  readonly scripts: Readonly<Record<Name, string>>;
  /** Serves other scripts; rejects when one of them does not load. */
  readonly reload: (scripts: Readonly<Record<Name, string>>) => Promise<void>;
  /** Called after each change: without errors when it is being served. */
  readonly onRebuild: (errors: readonly string[]) => void;
}

/**
 * Rebuilds Workers whose files change and reloads them, until the returned function is called. A change that does not
 * compile or load is reported, and the last scripts that did are served on.
 */
export async function watchScripts<Name extends string>(options: WatchOptions<Name>): Promise<() => Promise<void>> {
  const { entries, reload, onRebuild } = options;
  const names = Object.keys(entries) as Name[];
  const failures = new Map<Name, readonly string[]>();
  let serving = options.scripts;
  let latest = options.scripts;
  let timer: NodeJS.Timeout | undefined;
  let working = Promise.resolve();

  const serveLatest = async () => {
    const errors = new Set([...failures.values()].flat());
    if (errors.size === 0) {
      const candidate = latest;
      try {
        await reload(candidate);
        serving = candidate;
      } catch (error) {
        errors.add(error instanceof Error ? error.message : String(error));
        await reload(serving);
      }
    }
    onRebuild([...errors]);
  };

  const stops = await Promise.all(
    names.map((name) =>
      watchWorker(entries[name], (bundle) => {
        if ("errors" in bundle) {
          failures.set(name, bundle.errors);
        } else {
          const isNew = failures.delete(name) || latest[name] !== bundle.script;
          if (!isNew) return;
          latest = { ...latest, [name]: bundle.script };
        }
        clearTimeout(timer);
        timer = setTimeout(() => {
          working = working.then(serveLatest);
        }, RELOAD_DELAY_MS);
      }),
    ),
  );
  return async () => {
    await Promise.all(stops.map((stop) => stop()));
    clearTimeout(timer);
    await working;
  };
}
