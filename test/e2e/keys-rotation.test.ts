/** The issuer changes its keys: no valid token is refused, and a removed key is accepted no longer than the bound. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { removedKeyBound } from "../../src/keys/removed-key-bound.ts";
import { FIRST_KID_LOOKUP_GAP_MS } from "../../src/limits.ts";
import { alternates, cuts, publishes } from "../support/scripted/scripted-issuer.ts";
import type { KvScript } from "../support/scripted/scripted-kv.ts";
import { bringInto, SETTINGS, type StartingState } from "../support/scripted/scripted-state.ts";
import { type ScriptedWorld, startScriptedWorld } from "../support/scripted/scripted-world.ts";
import { createSigningKey, type SigningKey } from "../support/token/signing-key.ts";

const { refreshAfterSeconds, maxStaleSeconds, cooldownSeconds } = SETTINGS;
/** The gap between the first two lookups of unknown kids. */
const FIRST_GAP_SECONDS = FIRST_KID_LOOKUP_GAP_MS / 1000;
const STEP_SECONDS = 10;
const ALTERNATION_STEP_SECONDS = 20;

const a = await createSigningKey("a");
const b = await createSigningKey("b");
const c = await createSigningKey("c");

/** Tokens are signed with a new key before any cache has it, in each state of the old keys. */
const FIRST_USES: readonly {
  readonly name: string;
  readonly state: StartingState;
  readonly isNewIsolate?: boolean;
  readonly kv?: KvScript;
  readonly requests: number;
}[] = [
  { name: "while the old keys are warm", state: "warm", requests: 1 },
  // One in the background, because the keys are old, and one for the new key.
  { name: "while the old keys are aging", state: "aging", requests: 2 },
  { name: "when the old keys are past the bound", state: "past the bound", requests: 1 },
  { name: "in an isolate that has no keys", state: "cold", requests: 1 },
  { name: "in a new isolate with the old keys in KV", state: "warm", isNewIsolate: true, requests: 1 },
  { name: "in a new isolate with aging keys in KV", state: "aging", isNewIsolate: true, requests: 2 },
  { name: "while KV is 60 s behind", state: "aging", kv: "stale", requests: 2 },
  { name: "while KV throws", state: "warm", kv: "throws", requests: 1 },
  { name: "while KV refuses writes", state: "warm", kv: "refuses-writes", requests: 1 },
].map((row) => ({ ...row, state: row.state as StartingState, kv: row.kv as KvScript }));

interface Removal {
  readonly name: string;
  /** Runs every ten seconds, before a caller sends a token of the removed key. */
  readonly meanwhile?: (issuer: string, seconds: number) => Promise<unknown>;
  /** Seconds between two callers. Default: ten. */
  readonly stepSeconds?: number;
  /** Seconds after the removal at which a token of the removed key is accepted for the last time. */
  readonly acceptedUntil: number;
  readonly bound: number;
}

const bound = removedKeyBound(SETTINGS);
/** A failed attempt adds this to the bound: the time of a refresh, rounded up, and a cooldown. */
const failureSeconds = 2 + cooldownSeconds;

const REMOVALS: readonly Removal[] = [
  { name: "with steady traffic", acceptedUntil: refreshAfterSeconds, bound: bound.whileRefreshing },
  {
    name: "when a forged kid has already made the gateway look",
    meanwhile: async (issuer) => world.ask(await world.token(issuer, c, { iat: -60 })),
    acceptedUntil: refreshAfterSeconds - STEP_SECONDS,
    bound: bound.whileRefreshing,
  },
  {
    name: "when a new key is in use",
    meanwhile: async (issuer) => world.ask(await world.token(issuer, b)),
    acceptedUntil: refreshAfterSeconds - STEP_SECONDS,
    bound: bound.whileRefreshing,
  },
  {
    name: "when isolates start all the time",
    meanwhile: () => world.script({ forget: true }),
    acceptedUntil: refreshAfterSeconds,
    bound: bound.whileRefreshing,
  },
  {
    name: "when isolates start where KV is 60 s behind the first that knew",
    meanwhile: async (_issuer, seconds) => {
      if (seconds > refreshAfterSeconds) await world.script({ forget: true, kv: "stale" });
    },
    acceptedUntil: refreshAfterSeconds + 50,
    bound: bound.whileRefreshing,
  },
  {
    name: "when the first refresh fails and a look in the cooldown does not",
    meanwhile: async (issuer, seconds) => {
      world.issuer.script(issuer, seconds === refreshAfterSeconds ? cuts : publishes(b.publicJwk));
      if (seconds === refreshAfterSeconds + 20) await world.ask(await world.token(issuer, c, { iat: -60 }));
    },
    acceptedUntil: refreshAfterSeconds + 10,
    bound: bound.whileRefreshing + failureSeconds,
  },
  {
    name: "when the issuer is down",
    meanwhile: async (issuer) => world.issuer.script(issuer, cuts),
    stepSeconds: 3_600,
    acceptedUntil: maxStaleSeconds,
    bound: bound.atMost,
  },
  {
    name: "by an isolate that was idle since",
    stepSeconds: maxStaleSeconds,
    acceptedUntil: maxStaleSeconds,
    bound: bound.atMost,
  },
];

const ALTERNATIONS = [
  { name: "answers with one and the other by turns", cronEverySeconds: Number.POSITIVE_INFINITY },
  { name: "does so for the cron trigger as well", cronEverySeconds: 100 },
];

const issuersOf = (prefix: string, rows: readonly unknown[]) => rows.map((_, index) => `${prefix}-${index}`);

let world: ScriptedWorld;
beforeAll(async () => {
  world = await startScriptedWorld({
    issuers: [
      ...issuersOf("first-use", FIRST_USES),
      ...issuersOf("removal", REMOVALS),
      ...issuersOf("alternation", ALTERNATIONS),
      "overlap",
      "cut-twice",
      "memory",
      "unusable",
    ],
    keys: SETTINGS,
  });
});
afterAll(() => world?.dispose());

const answerTo = async (issuer: string, key: SigningKey, claims = {}) =>
  world.ask(await world.token(issuer, key, claims));

describe("a rotation with overlap", () => {
  it("refuses no token of a published key", async () => {
    const timeline = [
      { untilSeconds: 700, published: [a], signing: a },
      { untilSeconds: 1_400, published: [a, b], signing: a },
      { untilSeconds: 2_100, published: [b, a], signing: b },
      { untilSeconds: 2_800, published: [b], signing: b },
    ];
    let seconds = 0;
    const refused: string[] = [];
    for (const { untilSeconds, published, signing } of timeline) {
      world.issuer.script("overlap", publishes(...published.map(({ publicJwk }) => publicJwk)));
      for (; seconds < untilSeconds; seconds += 35) {
        for (const key of published) {
          const answer = await answerTo("overlap", key, key === signing ? {} : { iat: -300 });
          if (!answer.startsWith("200")) refused.push(`${seconds} s, ${key.publicJwk.kid}: ${answer}`);
        }
        await world.advance(35);
      }
    }
    expect(refused).toEqual([]);
    expect(await answerTo("overlap", a, { iat: -1_000 })).toBe("401 key-unknown");
  });
});

describe("a hard cut: the first token of the new key", () => {
  for (const [index, { name, state, isNewIsolate = false, kv = "works", requests }] of FIRST_USES.entries()) {
    it(`is accepted ${name}, at the cost of ${requests} requests to the issuer`, async () => {
      const issuer = `first-use-${index}`;
      await bringInto(state, world, issuer, a);
      await world.script({ forget: isNewIsolate, kv });
      world.issuer.script(issuer, publishes(b.publicJwk));
      const before = world.issuer.requests(issuer);
      expect(await answerTo(issuer, b)).toBe("200 issuer");
      expect(await answerTo(issuer, b)).toBe("200 memory");
      expect(world.issuer.requests(issuer) - before).toBe(requests);
      await world.script({ kv: "works" });
    });
  }

  it("is told to come back when the cut is the second within seconds, and accepted then", async () => {
    await bringInto("warm", world, "cut-twice", a);
    world.issuer.script("cut-twice", publishes(b.publicJwk));
    expect(await answerTo("cut-twice", b)).toBe("200 issuer");
    await world.advance(3);
    world.issuer.script("cut-twice", publishes(c.publicJwk));
    const token = await world.token("cut-twice", c);
    expect(await world.ask(token)).toBe(`503 keys-unavailable ${FIRST_GAP_SECONDS - 3}`);
    await world.advance(FIRST_GAP_SECONDS - 3);
    expect(await world.ask(token)).toBe("200 issuer");
  });
});

describe(`a removed key is accepted for at most ${bound.whileRefreshing} s, or ${bound.atMost} s without an answer`, () => {
  for (const [index, removal] of REMOVALS.entries()) {
    const { name, meanwhile, stepSeconds = STEP_SECONDS, acceptedUntil } = removal;
    it(`${name}: ${acceptedUntil} s of ${removal.bound}`, async () => {
      const issuer = `removal-${index}`;
      // The worst case: the key is removed just after it was read.
      await bringInto("warm", world, issuer, a);
      world.issuer.script(issuer, publishes(b.publicJwk));
      const token = await world.token(issuer, a, { exp: 2 * maxStaleSeconds });
      let lastAccepted = 0;
      for (let seconds = 0; seconds <= removal.bound + stepSeconds; seconds += stepSeconds) {
        await meanwhile?.(issuer, seconds);
        const answer = await world.ask(token);
        if (answer.startsWith("200")) lastAccepted = seconds;
        else expect(answer).toMatch(/^(401 key-unknown|503 keys-unavailable \d+)$/);
        await world.advance(stepSeconds);
      }
      expect(lastAccepted).toBe(acceptedUntil);
      expect(lastAccepted).toBeLessThanOrEqual(removal.bound);
      await world.script({ kv: "works" });
    });
  }

  it("and is gone from KV with the first answer that lacks it", async () => {
    await bringInto("warm", world, "memory", a);
    world.issuer.script("memory", publishes(b.publicJwk));
    await answerTo("memory", b);
    expect(await world.inKv("memory")).toBe("b, 0 s old");
  });
});

describe("a key that the issuer publishes but that cannot be used", () => {
  it("is unknown at once, at the cost of no request; a key that it does not publish is looked up", async () => {
    world.issuer.script("unusable", publishes(a.publicJwk, { ...b.publicJwk, use: "enc" }));
    expect(await answerTo("unusable", a)).toBe("200 issuer");
    const before = world.issuer.requests("unusable");
    expect(await answerTo("unusable", b)).toBe("401 key-unknown");
    expect(world.issuer.requests("unusable") - before).toBe(0);
    expect(await answerTo("unusable", c)).toBe(`503 keys-unavailable ${FIRST_GAP_SECONDS}`);
    expect(world.issuer.requests("unusable") - before).toBe(1);
  });
});

describe("an issuer that has two sets of one key each and", () => {
  for (const [index, { name, cronEverySeconds }] of ALTERNATIONS.entries()) {
    it(`${name}: no token of either is ever refused`, async () => {
      const issuer = `alternation-${index}`;
      world.issuer.script(issuer, alternates(publishes(a.publicJwk), publishes(b.publicJwk)));
      const refused: string[] = [];
      for (let seconds = 0; seconds < 2 * refreshAfterSeconds + 100; seconds += ALTERNATION_STEP_SECONDS) {
        if (seconds % cronEverySeconds === ALTERNATION_STEP_SECONDS) await world.scheduled();
        for (const key of [a, b]) {
          const answer = await answerTo(issuer, key, { iat: -300 });
          if (!answer.startsWith("200")) refused.push(`${seconds} s, ${key.publicJwk.kid}: ${answer}`);
        }
        await world.advance(ALTERNATION_STEP_SECONDS);
      }
      expect(refused).toEqual([]);
    });
  }
});
