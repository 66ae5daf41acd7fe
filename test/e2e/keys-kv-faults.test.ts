/** Every way in which KV can fail, in every state of the gateway's keys, with the issuer up and down. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cuts, publishes } from "../support/scripted/scripted-issuer.ts";
import type { KvScript } from "../support/scripted/scripted-kv.ts";
import { bringInto, SETTINGS, STARTING_STATES, type StartingState } from "../support/scripted/scripted-state.ts";
import { type ScriptedWorld, startScriptedWorld } from "../support/scripted/scripted-world.ts";
import { createSigningKey } from "../support/token/signing-key.ts";

const good = await createSigningKey("good");

interface Expected {
  /** The answers to the first caller, and to one who comes after everything that the first has started has ended. */
  readonly callers: string;
  /** Number of requests to the issuer since the fault began. */
  readonly requests: number;
  readonly kv: string;
  readonly log: readonly string[];
}

type ByState = Readonly<Record<StartingState, Expected>>;

interface Fault {
  readonly name: string;
  readonly kv: KvScript;
  /** The value in KV in place of the record when the fault begins. */
  readonly record?: (record: Readonly<Record<string, unknown>>, now: number) => string;
  readonly issuerUp: ByState;
  readonly issuerDown: ByState;
}

const UNAVAILABLE = `503 keys-unavailable ${SETTINGS.cooldownSeconds}`;
const FROM_MEMORY = "200 memory, 200 memory";
const FROM_ISSUER = "200 issuer, 200 memory";
const REFUSED = `${UNAVAILABLE}, ${UNAVAILABLE}`;

/** Fresh keys cause no read of KV, so nothing can fail. */
const fresh = (kv: string): Expected => ({ callers: FROM_MEMORY, requests: 0, kv, log: [] });

/** The record in KV when the fault begins, by the age of its keys. */
type Before = (ageSeconds: number) => string;
const untouched: Before = (ageSeconds) => `good, ${ageSeconds} s old`;

/** The record cannot be used, as if there were none. `canWrite`: whether the issuer's answer replaces it. */
function unusable(
  fault: readonly string[],
  canWrite: boolean,
  before: Before = untouched,
): Pick<Fault, "issuerUp" | "issuerDown"> {
  const after: Before = canWrite ? () => "good, 0 s old" : before;
  const down = "refresh-failed unreachable";
  return {
    issuerUp: {
      cold: { callers: FROM_ISSUER, requests: 1, kv: after(0), log: [...fault, "refreshed issuer"] },
      warm: fresh(before(0)),
      aging: { callers: FROM_MEMORY, requests: 1, kv: after(600), log: fault },
      "past the bound": { callers: FROM_ISSUER, requests: 1, kv: after(86_401), log: fault },
    },
    issuerDown: {
      cold: { callers: REFUSED, requests: 1, kv: before(0), log: [...fault, down] },
      warm: fresh(before(0)),
      aging: {
        callers: FROM_MEMORY,
        requests: 1,
        kv: before(600),
        log: [...fault, down, "serving-stale unreachable"],
      },
      "past the bound": { callers: REFUSED, requests: 1, kv: before(86_401), log: [...fault, down] },
    },
  };
}

/** The record can be read. `failure`: the log of a failed write, if it cannot be written. */
function readable(failure?: string): Pick<Fault, "issuerUp" | "issuerDown"> {
  const unable = unusable([], failure === undefined);
  const log = failure === undefined ? [] : [failure];
  const fromKv: Expected = { callers: "200 kv, 200 memory", requests: 0, kv: "good, 0 s old", log: ["refreshed kv"] };
  return {
    issuerUp: {
      cold: fromKv,
      warm: fresh("good, 0 s old"),
      aging: { ...unable.issuerUp.aging, log },
      "past the bound": { ...unable.issuerUp["past the bound"], log },
    },
    issuerDown: { ...unable.issuerDown, cold: fromKv },
  };
}

const FAULTS: readonly Fault[] = [
  { name: "works", kv: "works", ...readable() },
  { name: "is slow", kv: "slow", ...readable() },
  { name: "refuses writes", kv: "refuses-writes", ...readable("kv-failed write-failed") },
  { name: "throws", kv: "throws", ...unusable(["kv-failed read-failed"], false) },
  { name: "hangs", kv: "hangs", ...unusable(["kv-failed read-timeout"], false) },
  { name: "is 60 s behind", kv: "stale", ...unusable([], true) },
  {
    name: "holds garbage",
    kv: "works",
    record: () => '{"version":1,"jwks":{"keys":[',
    ...unusable(["kv-failed record-unreadable"], true, () => "garbage"),
  },
  {
    name: "holds a record of another version",
    kv: "works",
    record: (record) => JSON.stringify({ ...record, version: 2 }),
    ...unusable(["kv-failed record-unreadable"], true, (ageSeconds) => `version 2: good, ${ageSeconds} s old`),
  },
  {
    name: "holds a record from the future",
    kv: "works",
    record: (record, now) => JSON.stringify({ ...record, fetchedAt: now + 1_000 }),
    ...unusable(["kv-failed record-unreadable"], true, () => "good, -1 s old"),
  },
  {
    name: "holds a record without a usable key",
    kv: "works",
    record: (record) => JSON.stringify({ ...record, jwks: { keys: [{ kty: "oct", kid: "symmetric" }] } }),
    ...unusable([], true, (ageSeconds) => `symmetric, ${ageSeconds} s old`),
  },
];

const ROWS = FAULTS.flatMap(({ issuerUp, issuerDown, ...fault }, index) =>
  [true, false].flatMap((isUp) =>
    STARTING_STATES.map((state, column) => ({
      ...fault,
      state,
      script: fault.kv,
      isUp,
      issuer: `row-${index}-${column}-${isUp}`,
      ...(isUp ? issuerUp : issuerDown)[state],
    })),
  ),
);

let world: ScriptedWorld;
beforeAll(async () => {
  world = await startScriptedWorld({ issuers: ROWS.map(({ issuer }) => issuer), keys: SETTINGS });
});
afterAll(() => world?.dispose());

describe("KV that", () => {
  for (const { name, issuer, state, script, record, isUp, ...expected } of ROWS) {
    const { callers, requests, kv, log } = expected;
    const met = `${name}, when the keys are ${state} and the issuer is ${isUp ? "up" : "down"}`;
    it(`${met}: ${callers}; requests: ${requests}; in KV: ${kv}`, async () => {
      await bringInto(state === "cold" ? "warm" : state, world, issuer, good);
      if (record !== undefined) {
        const { stored } = await world.report(issuer);
        const changed = Object.entries(stored).map(([key, text]) => [key, record(JSON.parse(text), world.now())]);
        await world.script({ store: Object.fromEntries(changed) });
      }
      // A new isolate, with a record that another one has just written.
      if (state === "cold") await world.script({ forget: true });
      await world.script({ kv: script });
      const before = world.issuer.requests(issuer);
      world.issuer.script(issuer, isUp ? publishes(good.publicJwk) : cuts);
      try {
        const first = await world.ask(await world.token(issuer, good));
        const second = await world.ask(await world.token(issuer, good));
        expect({
          callers: `${first}, ${second}`,
          requests: world.issuer.requests(issuer) - before,
          kv: await world.inKv(issuer),
          log: world.changes(issuer),
        }).toEqual({ callers, requests, kv, log });
      } finally {
        await world.script({ kv: "works" });
      }
    });
  }
});
