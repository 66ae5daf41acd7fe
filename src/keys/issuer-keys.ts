import { Denial } from "../answer/denial.ts";
import { COLD_KV_RETRY_MS, FLIGHT_GRACE_MS, KV_READ_TIMEOUT_MS } from "../limits.ts";
import type { Issuer } from "../policy/policy.ts";
import { type Fetched, type Holding, hold, knownKeys, replace, withoutExpired } from "./cached-key-set.ts";
import { askIssuer, type IssuerFault } from "./fetch-jwks.ts";
import { decide, mayBeNewer } from "./freshness.ts";
import { importKeys } from "./jwk/import-keys.ts";
import { createJournal } from "./key-event-log.ts";
import type { KeyIo, WaitUntil } from "./key-io.ts";
import type { KeySet, KeySource } from "./key-set.ts";
import type { FoundKeys, IssuerKeys, KeyStatus, LoadedKeySet } from "./key-store.ts";
import { createKvTier } from "./kv-tier.ts";
import { haveSameMembers } from "./same-members.ts";
import { type Flight, isUnderWay, waitForLanding } from "./single-flight.ts";

/**
 * What an isolate knows of one issuer's keys and when it looks for more. All state is the plain variables below; the
 * only promises are those of the request at hand. Work that others may profit from is also handed to `waitUntil`, so
 * that it goes on when its caller hangs up.
 */
export function createIssuerKeys(issuer: Issuer, io: KeyIo): IssuerKeys {
  const settings = issuer.keys;
  const cooldownMs = settings.cooldownSeconds * 1000;
  const journal = createJournal(issuer, io.log);
  const kv = createKvTier(issuer, io, journal);

  let held: Holding | undefined;
  /** The look of a caller without keys, of a refresh behind a response, and of a caller with an unknown key. */
  let loading: Flight | undefined;
  let refreshing: Flight | undefined;
  let seeking: Flight | undefined;
  /** Epoch milliseconds until which an issuer that failed is left alone; looks have a limit of their own. */
  let restUntil = 0;
  let nextColdKvReadAt = 0;
  let nextLookAt = 0;
  let issuerAnsweredLook = false;

  function current(waitUntil: WaitUntil): KeySet | undefined {
    const now = io.now();
    if (held === undefined) return undefined;
    if (now < held.quietUntil && now >= held.set.fetchedAt) return held.set;
    held = withoutExpired(held, settings, now);
    if (decide(held.set.fetchedAt, settings, now) === "unusable") return undefined;
    if (now >= held.dueAt) refreshBehind(waitUntil, true);
    return held.set;
  }

  async function ensureLoaded(waitUntil: WaitUntil): Promise<LoadedKeySet | Denial> {
    const keys = current(waitUntil);
    if (keys !== undefined) return { keys, source: "memory" };
    const now = io.now();
    if (isUnderWay(loading, now)) {
      await waitForLanding(loading, io);
      const landed = current(waitUntil);
      return landed === undefined ? unavailable(restUntil) : { keys: landed, source: "memory" };
    }
    const resting = now < restUntil;
    // Another location may have filled KV meanwhile, but a flood must not cost a read for each request.
    if (resting && now < nextColdKvReadAt) return unavailable(restUntil);
    nextColdKvReadAt = now + COLD_KV_RETRY_MS;
    loading = takeOff(now);
    const source = await finish(loading, loadOnce(!resting, waitUntil), waitUntil);
    const loaded = current(waitUntil);
    return loaded === undefined ? unavailable(restUntil) : { keys: loaded, source: source ?? "memory" };
  }

  async function loadOnce(mayAskIssuer: boolean, waitUntil: WaitUntil): Promise<KeySource | undefined> {
    const fromKv = await readKv();
    if (fromKv !== undefined) {
      adopt(fromKv, "kv");
      if (decide(fromKv.fetchedAt, settings, io.now()) !== "use") refreshBehind(waitUntil, false);
      return "kv";
    }
    return mayAskIssuer && (await ask(waitUntil)) ? "issuer" : undefined;
  }

  function refreshBehind(waitUntil: WaitUntil, kvFirst: boolean): void {
    const now = io.now();
    if (isUnderWay(refreshing, now) || now < restUntil) return;
    refreshing = takeOff(now);
    void finish(refreshing, refreshOnce(kvFirst, waitUntil), waitUntil);
  }

  async function refreshOnce(kvFirst: boolean, waitUntil: WaitUntil): Promise<void> {
    const fromKv = kvFirst ? await readKv() : undefined;
    if (fromKv !== undefined && decide(fromKv.fetchedAt, settings, io.now()) === "use") {
      adopt(fromKv, "kv");
    } else {
      await ask(waitUntil);
    }
  }

  async function refresh(waitUntil: WaitUntil): Promise<void> {
    if (held === undefined) {
      // For its entity tag, and to know whether it needs to be written anew.
      const fromKv = await readKv();
      if (fromKv !== undefined) adopt(fromKv, "kv");
    }
    await ask(waitUntil, true);
  }

  async function find(
    kid: string,
    unverifiedIssuedAtSeconds: number | undefined,
    waitUntil: WaitUntil,
  ): Promise<FoundKeys | Denial> {
    const inMemory = (source: KeySource): FoundKeys | undefined => {
      const keys = current(waitUntil)?.byKid.get(kid);
      return keys && { keys, source };
    };
    if (current(waitUntil) === undefined) {
      const loaded = await ensureLoaded(waitUntil);
      if (loaded instanceof Denial) return loaded;
      const keys = loaded.keys.byKid.get(kid);
      if (keys !== undefined) return { keys, source: loaded.source };
    }
    const found = inMemory("memory");
    if (found !== undefined) return found;

    const now = io.now();
    if (isUnderWay(seeking, now)) {
      if (!isMaybeNewer(unverifiedIssuedAtSeconds)) return unknown(unverifiedIssuedAtSeconds);
      await waitForLanding(seeking, io);
      return inMemory("memory") ?? unknown(unverifiedIssuedAtSeconds);
    }
    if (now < nextLookAt) return unknown(unverifiedIssuedAtSeconds);
    // Counted from its start and whatever its end, or an issuer that is down would be asked for every forged `kid`.
    nextLookAt = now + cooldownMs;
    issuerAnsweredLook = false;
    seeking = takeOff(now);
    const source = await finish(seeking, lookOnce(kid, waitUntil), waitUntil);
    return inMemory(source) ?? unknown(unverifiedIssuedAtSeconds);
  }

  async function lookOnce(kid: string, waitUntil: WaitUntil): Promise<KeySource> {
    const fromKv = await readKv();
    if (fromKv !== undefined) {
      adopt(fromKv, "kv");
      if (held?.set.byKid.has(kid)) return "kv";
    }
    issuerAnsweredLook = await ask(waitUntil);
    return "issuer";
  }

  /** Why a key is not found. Fails closed either way: the token is refused, now or for good. */
  function unknown(unverifiedIssuedAtSeconds: number | undefined): Denial {
    if (isMaybeNewer(unverifiedIssuedAtSeconds))
      return unavailable(nextLookAt, "The key may be newer than the key set.");
    return new Denial("key-unknown", "The issuer's key set, read after the token was issued, has no such key.");
  }

  function isMaybeNewer(unverifiedIssuedAtSeconds: number | undefined): boolean {
    return mayBeNewer({
      unverifiedIssuedAtSeconds,
      clockToleranceSeconds: issuer.clockToleranceSeconds,
      fetchedAt: held?.set.fetchedAt ?? 0,
      issuerAnsweredLook,
      now: io.now(),
    });
  }

  function unavailable(until: number, why = "There are no usable keys."): Denial {
    const retryAfterSeconds = Math.max(1, Math.ceil((until - io.now()) / 1000));
    return new Denial("keys-unavailable", [why, journal.lastError()].join(" ").trim(), retryAfterSeconds);
  }

  /** A usable record of KV that is newer than what is held. */
  async function readKv(): Promise<Fetched | undefined> {
    const record = await kv.read();
    if (record === undefined || decide(record.fetchedAt, settings, io.now()) === "unusable") return undefined;
    if (held !== undefined && record.fetchedAt <= held.set.fetchedAt) return undefined;
    const { keys, skipped } = await importKeys(record.keys, issuer.algorithms, knownKeys(held));
    if (keys.size === 0) return undefined;
    return { keys, etag: skipped.length === 0 ? record.etag : undefined, fetchedAt: record.fetchedAt };
  }

  /** Asks the issuer and adopts what it sends. `false`: it failed, and what was held is held still. */
  async function ask(waitUntil: WaitUntil, isScheduled = false): Promise<boolean> {
    const before = held;
    // Of the question and not of the answer: what happens at the issuer in between may not be in the answer.
    const fetchedAt = io.now();
    const answer = await askIssuer(issuer, { etag: before?.etag, keys: knownKeys(before) }, io);
    if (answer.kind === "fault") {
      fail(answer);
      return false;
    }
    if (answer.kind === "keys") journal.skipped(answer.skipped);
    const { keys, etag } = answer.kind === "keys" ? answer : { keys: before?.keys ?? new Map(), etag: before?.etag };
    const fetched: Fetched = { keys, etag, fetchedAt };
    if (adopt(fetched, "issuer", isScheduled)) waitUntil(kv.write(fetched));
    return true;
  }

  function fail(fault: IssuerFault): void {
    const now = io.now();
    restUntil = now + cooldownMs;
    const isAging = held !== undefined && decide(held.set.fetchedAt, settings, now) === "refresh-behind";
    journal.failed(fault, isAging ? held?.set.fetchedAt : undefined);
  }

  /** `false`: the answer to a later question has come before this one and stays. */
  function adopt(fetched: Fetched, source: KeySource, isScheduled = false): boolean {
    const now = io.now();
    const before = held;
    if (before !== undefined && fetched.fetchedAt < before.set.fetchedAt) return false;
    held = before === undefined ? hold(fetched, settings) : replace(before, fetched, settings, now, isScheduled);
    if (before === undefined || !haveSameMembers(before.set.all, held.set.all)) {
      journal.changed(held.set, source);
    }
    if (decide(fetched.fetchedAt, settings, now) === "use") {
      restUntil = 0;
      journal.recovered();
    }
    return true;
  }

  function takeOff(now: number): Flight {
    return { deadline: now + KV_READ_TIMEOUT_MS + settings.timeoutMs + FLIGHT_GRACE_MS, landed: false };
  }

  function finish<T>(flight: Flight, work: Promise<T>, waitUntil: WaitUntil): Promise<T> {
    const finished = work.finally(() => {
      flight.landed = true;
    });
    waitUntil(finished);
    return finished;
  }

  function status(): KeyStatus {
    const now = io.now();
    return {
      usable: held !== undefined && decide(held.set.fetchedAt, settings, now) !== "unusable",
      ageSeconds: held === undefined ? undefined : Math.floor((now - held.set.fetchedAt) / 1000),
      keyCount: held?.set.all.size ?? 0,
      lastError: journal.lastError(),
    };
  }

  return { current, find, ensureLoaded, refresh, status };
}
