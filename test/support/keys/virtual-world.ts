import { exportJWK, generateKeyPair, type JWK } from "jose";
import { Denial } from "../../../src/answer/denial.ts";
import { createKeyStore } from "../../../src/keys/create-key-store.ts";
import type { IssuerFetch, KeyNamespace } from "../../../src/keys/key-io.ts";
import type { IssuerKeys, KeyStore, LoadedKeySet } from "../../../src/keys/key-store.ts";
import type { Issuer, KeySettings } from "../../../src/policy/policy.ts";

export const START = Date.UTC(2026, 0, 1);

/** Short but distinct: aging after 100 s, unusable after 1000 s, one look in 30 s, 3 s for the issuer. */
export const SETTINGS: KeySettings = {
  refreshAfterSeconds: 100,
  maxStaleSeconds: 1000,
  cooldownSeconds: 30,
  timeoutMs: 3000,
};

export const ISSUER: Issuer = {
  name: "cognito",
  issuer: "https://issuer.example",
  jwksUri: "https://issuer.example/.well-known/jwks.json",
  profile: "cognito",
  algorithms: new Set(["ES256"]),
  audiences: undefined,
  scopeClaim: ["scope"],
  scopeNames: "full",
  clockToleranceSeconds: 5,
  registeredClientsOnly: false,
  keys: SETTINGS,
};

/** A fresh public key as an issuer publishes it. */
export async function newJwk(kid: string, algorithm = "ES256"): Promise<JWK> {
  const { publicKey } = await generateKeyPair(algorithm, { extractable: true });
  return { ...(await exportJWK(publicKey)), kid, use: "sig", alg: algorithm };
}

/** A clock that stands still until everything waits for it, then jumps to the next sleeper. */
export class VirtualClock {
  #now = START;
  #sleepers: { at: number; wake: () => void }[] = [];

  readonly now = (): number => this.#now;

  readonly sleep = (ms: number): Promise<void> =>
    new Promise((wake) => {
      this.#sleepers.push({ at: this.#now + ms, wake });
    });

  /** Runs until `work` has ended, letting time pass as far as needed. */
  async run<T>(work: Promise<T>): Promise<T> {
    let ended = false;
    const end = () => {
      ended = true;
    };
    work.then(end, end);
    for (;;) {
      await turn();
      if (ended) return work;
      this.#wakeNext();
    }
  }

  /** Lets time pass and wakes whoever sleeps until then. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    await turn();
    while (this.#sleepers.some(({ at }) => at <= until)) {
      this.#wakeNext();
      await turn();
    }
    this.#now = until;
  }

  #wakeNext(): void {
    const at = Math.min(...this.#sleepers.map((sleeper) => sleeper.at));
    if (!Number.isFinite(at)) throw new Error("Nothing is left that could end the work.");
    this.#now = Math.max(this.#now, at);
    const woken = this.#sleepers.filter((sleeper) => sleeper.at <= at);
    this.#sleepers = this.#sleepers.filter((sleeper) => sleeper.at > at);
    for (const { wake } of woken) wake();
  }
}

/** Until the promises and WebCrypto have nothing to do. */
async function turn(): Promise<void> {
  for (let round = 0; round < 3; round++) {
    // Node runs WebCrypto on other threads: what was asked for before this digest has ended when it has.
    await crypto.subtle.digest("SHA-256", new Uint8Array());
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

export class FakeKv implements KeyNamespace {
  readonly values = new Map<string, string>();
  readonly puts: { key: string; value: string; expirationTtl: number }[] = [];
  reads = 0;
  mode: "works" | "throws" | "hangs" | "throws-on-put" = "works";

  async get(key: string, { type, cacheTtl }: Parameters<KeyNamespace["get"]>[1]): Promise<string | null> {
    // As KV itself has it: text is what is read, and less than 30 seconds is refused.
    if (type !== "text" || cacheTtl < 30) throw new Error(`KV GET failed: 400 ${type} ${cacheTtl}`);
    this.reads++;
    if (this.mode === "throws") throw new Error("KV GET failed: 500");
    if (this.mode === "hangs") return new Promise(() => {});
    return this.values.get(key) ?? null;
  }

  async put(key: string, value: string, { expirationTtl }: { expirationTtl: number }): Promise<void> {
    if (this.mode !== "works") throw new Error("KV PUT failed: 429 Too Many Requests");
    this.values.set(key, value);
    this.puts.push({ key, value, expirationTtl });
  }
}

export type Answer = () => Response | Promise<Response>;

/** An issuer over the network: 40 ms away, answering with `answer`. */
export class FakeIssuer {
  readonly requests: { url: string; headers: Record<string, string> }[] = [];
  answer: Answer = () => new Response(null, { status: 404 });

  readonly fetch: IssuerFetch = async (url, { headers }) => {
    this.requests.push({ url, headers });
    await this.#clock.sleep(40);
    return this.answer();
  };

  readonly #clock: VirtualClock;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  publish(...keys: readonly unknown[]): void {
    this.answer = () => Response.json({ keys });
  }

  down(): void {
    this.answer = () => {
      throw new TypeError("Network connection lost.");
    };
  }

  /** Takes the request and never answers. */
  hang(): void {
    this.answer = () => new Promise(() => {});
  }
}

export type LogLine = Readonly<Record<string, unknown>>;

/** One isolate's key store with a fake world around it. */
export class World {
  readonly clock: VirtualClock;
  readonly kv: FakeKv;
  readonly site: FakeIssuer;
  readonly issuer: Issuer;
  readonly log: LogLine[] = [];
  readonly store: KeyStore;
  readonly keys: IssuerKeys;
  #background: Promise<unknown>[] = [];

  constructor(settings: Partial<KeySettings> = {}, shared?: World) {
    this.clock = shared?.clock ?? new VirtualClock();
    this.kv = shared?.kv ?? new FakeKv();
    this.site = shared?.site ?? new FakeIssuer(this.clock);
    this.issuer = { ...ISSUER, keys: { ...SETTINGS, ...settings } };
    this.store = createKeyStore({
      kv: this.kv,
      fetch: this.site.fetch,
      now: this.clock.now,
      sleep: this.clock.sleep,
      log: (line) => this.log.push(line),
      issuers: [this.issuer],
    });
    this.keys = this.store.of(this.issuer);
  }

  /** Another isolate that shares clock, KV and issuer. */
  anotherIsolate(): World {
    return new World(this.issuer.keys, this);
  }

  readonly waitUntil = (work: Promise<unknown>): void => {
    this.#background.push(work);
  };

  /** Until nothing goes on behind a response. */
  async settle(): Promise<void> {
    while (this.#background.length > 0) {
      const work = this.#background;
      this.#background = [];
      await this.clock.run(Promise.all(work));
    }
  }

  kids(): string[] | undefined {
    const keys = this.keys.current(this.waitUntil);
    return keys && Array.from(keys.byKid.keys()).sort();
  }

  /** The result of loading: the source and the kids, or the reason and the seconds to wait. */
  async load(): Promise<string> {
    return outcome(await this.clock.run(this.keys.ensureLoaded(this.waitUntil)));
  }

  /** The same of finding one `kid`. `issuedAt` is relative to now, in seconds; `undefined`: the token has no `iat`. */
  async find(kid: string, issuedAt: number | undefined): Promise<string> {
    return this.clock.run(this.startFind(kid, issuedAt));
  }

  async startFind(kid: string, issuedAt: number | undefined): Promise<string> {
    const iat = issuedAt === undefined ? undefined : Math.floor(this.clock.now() / 1000) + issuedAt;
    const found = await this.keys.find(kid, iat, this.waitUntil);
    if (found instanceof Denial) return outcome(found);
    const keys = this.keys.current(this.waitUntil);
    if (keys?.byKid.get(kid) !== found.keys) throw new Error(`The keys found are not those in memory for ${kid}.`);
    return outcome({ keys, source: found.source });
  }

  async refreshAll(): Promise<void> {
    await this.clock.run(this.store.refreshAll(this.waitUntil));
    await this.settle();
  }

  /** The changes that were logged since the last call. */
  changes(): string[] {
    return this.log.splice(0).map((line) => String(line["change"]));
  }
}

export function outcome(result: LoadedKeySet | Denial): string {
  if (result instanceof Denial) {
    if (result.detail === "") throw new Error(`${result.reason} has an empty detail`);
    return result.retryAfterSeconds === undefined ? result.reason : `${result.reason} ${result.retryAfterSeconds}`;
  }
  return `${result.source}: ${Array.from(result.keys.byKid.keys()).sort().join(" ")}`;
}
