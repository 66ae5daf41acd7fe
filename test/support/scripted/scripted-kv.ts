import type { KeyNamespace } from "../../../src/keys/key-io.ts";

/**
 * How KV behaves. `slow` answers within the gateway's time limit for a read; `stale` answers with what was there 60
 * seconds ago, as another location may see it.
 */
export type KvScript = "works" | "throws" | "hangs" | "slow" | "stale" | "refuses-writes";

const SLOW_MS = 150;
/** A write that never ended would hold back the log of its event. */
const HANGING_WRITE_MS = 700;
const STALE_MS = 60_000;

/** A KV namespace that fails on demand, in front of a real one. */
export class ScriptedKv implements KeyNamespace {
  script: KvScript = "works";
  reads = 0;
  /** Attempts to write, including refused ones. */
  writes = 0;
  /** `expirationTtl` of the latest write. */
  ttlSeconds: number | undefined;
  readonly #store: KVNamespace;
  readonly #history: { readonly at: number; readonly key: string; readonly value: string }[] = [];

  constructor(store: KVNamespace) {
    this.#store = store;
  }

  async get(key: string, options: { readonly type: "text"; readonly cacheTtl: number }): Promise<string | null> {
    this.reads += 1;
    if (this.script === "throws") throw new Error("KV GET failed: 500 Internal Server Error");
    if (this.script === "hangs") return new Promise(() => {});
    if (this.script === "slow") await scheduler.wait(SLOW_MS);
    if (this.script !== "stale") return this.#store.get(key, options);
    const before = Date.now() - STALE_MS;
    return this.#history.findLast((entry) => entry.key === key && entry.at <= before)?.value ?? null;
  }

  async put(key: string, value: string, options: { readonly expirationTtl: number }): Promise<void> {
    this.writes += 1;
    if (this.script === "hangs") await scheduler.wait(HANGING_WRITE_MS);
    if (this.script === "throws" || this.script === "hangs" || this.script === "refuses-writes") {
      throw new Error("KV PUT failed: 429 Too Many Requests");
    }
    this.ttlSeconds = options.expirationTtl;
    await this.store(key, value, options);
  }

  /** Writes without regard to the script, as another user of the namespace would. */
  async store(key: string, value: string, options?: { readonly expirationTtl: number }): Promise<void> {
    this.#history.push({ at: Date.now(), key, value });
    await this.#store.put(key, value, options);
  }

  /** The values whose names begin with a prefix. */
  async stored(prefix: string): Promise<Readonly<Record<string, string>>> {
    const { keys } = await this.#store.list({ prefix });
    const entries = keys.map(async ({ name }) => [name, (await this.#store.get(name, "text")) ?? ""] as const);
    return Object.fromEntries(await Promise.all(entries));
  }
}
