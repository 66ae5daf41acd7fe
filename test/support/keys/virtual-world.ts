import { exportJWK, generateKeyPair, type JWK } from "jose";
import { Denial } from "../../../src/answer/denial.ts";
import type { IssuerFetch, KeyNamespace } from "../../../src/keys/key-io.ts";
import type { LoadedKeySet } from "../../../src/keys/key-set.ts";
import type { KeyStore, RequestKeys } from "../../../src/keys/key-store.ts";
import { createKeyStore } from "../../../src/keys/key-store.ts";
import type { Issuer, KeySettings } from "../../../src/policy/policy.ts";
import { VirtualClock } from "./virtual-clock.ts";

export const START = Date.UTC(2026, 0, 1);

/**
 * Short but distinct: stale after 100 s, expired after 1000 s, one lookup in 30 s in the long run, 3 s for the issuer,
 * which publishes a key before it signs with it.
 */
export const SETTINGS: KeySettings = {
  refreshAfterSeconds: 100,
  maxStaleSeconds: 1000,
  cooldownSeconds: 30,
  publicationLagSeconds: 0,
  timeoutMs: 3000,
};

export const ISSUER: Issuer = {
  name: "cognito",
  issuer: "https://issuer.example",
  tenants: undefined,
  jwksUri: "https://issuer.example/.well-known/jwks.json",
  profile: "cognito",
  algorithms: new Set(["ES256"]),
  audiences: undefined,
  audienceClaims: [["aud"], ["client_id"]],
  scopeClaim: [["scope"]],
  grants: [],
  scopeNames: "full",
  clockToleranceSeconds: 5,
  registeredClientsOnly: false,
  keys: SETTINGS,
};

/** Makes a new public key as an issuer publishes it. */
export async function newJwk(kid: string, algorithm = "ES256"): Promise<JWK> {
  const { publicKey } = await generateKeyPair(algorithm, { extractable: true });
  return { ...(await exportJWK(publicKey)), kid, use: "sig", alg: algorithm };
}

/** The clock of a test. It waits for promises and WebCrypto before time goes on. */
export function startClock(): VirtualClock {
  return new VirtualClock(START, settled);
}

/** Resolves when promises and WebCrypto have nothing left to do. */
async function settled(): Promise<void> {
  for (let round = 0; round < 3; round++) {
    // Node runs WebCrypto on other threads: what was begun before this digest has ended when the digest has.
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
    // As KV itself: it refuses a `cacheTtl` of less than 30 seconds.
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

/** An issuer that is 40 ms away and gives the answer `answer`. */
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
export class VirtualWorld {
  readonly clock: VirtualClock;
  readonly kv: FakeKv;
  readonly site: FakeIssuer;
  readonly issuer: Issuer;
  readonly log: LogLine[] = [];
  readonly store: KeyStore;
  readonly keys: RequestKeys;
  #background: Promise<unknown>[] = [];

  constructor(settings: Partial<KeySettings> = {}, shared?: VirtualWorld) {
    this.clock = shared?.clock ?? startClock();
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
  anotherIsolate(): VirtualWorld {
    return new VirtualWorld(this.issuer.keys, this);
  }

  readonly waitUntil = (work: Promise<unknown>): void => {
    this.#background.push(work);
  };

  /** Waits until no background work is left. */
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

  /** The changes logged since the last call. */
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
