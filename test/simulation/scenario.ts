import type { KeySettings } from "../../src/policy/policy.ts";

/** What happens at the issuer and what callers send. Times are minutes from the start. */
export interface Scenario {
  readonly name: string;
  readonly minutes: number;
  /** Whether KV holds a record when the isolates start, as after any deployment but the first. */
  readonly warmKv: boolean;
  /** Whether the issuer's tokens have no `iat`. */
  readonly withoutIat?: boolean;
  /** Settings that differ from the defaults of `routes.json`. */
  readonly settings?: Partial<KeySettings>;
  /** The first begins at minute 0; each lasts until the next. */
  readonly keyStates: readonly KeyState[];
  /** While the issuer's caches disagree: each answer is one of their key sets, at random. */
  readonly disagreement?: Disagreement;
  readonly faults: readonly FaultSpell[];
  /** Spans in which callers send forged tokens, each with another `kid`. */
  readonly floods: readonly Span[];
  /** Names of spans, for the report. */
  readonly phases: readonly Phase[];
}

export interface Span {
  readonly from: number;
  readonly until: number;
}

/** The keys that the issuer publishes, and the one that signs new tokens. */
export interface KeyState {
  readonly from: number;
  readonly published: readonly string[];
  readonly signing: string;
}

/** When the caches of the issuer disagree, and the key set of each. */
export interface Disagreement extends Span {
  readonly caches: readonly (readonly string[])[];
}

/** When a share of the issuer's answers fails, and how. */
export interface FaultSpell extends Span {
  readonly share: number;
  readonly kind: "refuses" | "hangs" | "status-500";
}

export interface Phase extends Span {
  readonly name: string;
}

const HOUR = 60;

/** Every second hour the issuer has a bad minute, just when the cron trigger fires. */
const BAD_MINUTES: readonly FaultSpell[] = Array.from({ length: 12 }, (_, index) => {
  const from = index * 2 * HOUR + 40;
  return { from, until: from + 1, share: 1, kind: "status-500" };
});

/** The day that the report is about. It contains everything that should happen to an issuer in a year. */
export const DAY: Scenario = {
  name: "day",
  minutes: 24 * HOUR,
  warmKv: true,
  keyStates: [
    { from: 0, published: ["a"], signing: "a" },
    { from: 3 * HOUR, published: ["a", "b"], signing: "a" },
    { from: 4 * HOUR, published: ["a", "b"], signing: "b" },
    { from: 6 * HOUR, published: ["b"], signing: "b" },
    { from: 7 * HOUR, published: ["c"], signing: "c" },
    { from: 17 * HOUR, published: ["c", "d"], signing: "c" },
    { from: 18 * HOUR, published: ["d"], signing: "d" },
  ],
  faults: [
    ...BAD_MINUTES,
    { from: 10 * HOUR, until: 12 * HOUR, share: 1, kind: "refuses" },
    { from: 12 * HOUR, until: 14 * HOUR, share: 1, kind: "hangs" },
    { from: 14 * HOUR, until: 16 * HOUR, share: 1, kind: "status-500" },
  ],
  floods: [{ from: 8 * HOUR, until: 8 * HOUR + 30 }],
  phases: [
    { name: "deployment: all isolates start within a minute", from: 0, until: 30 },
    { name: "quiet", from: HOUR, until: 2 * HOUR + 40 },
    { name: "the cron trigger misses once", from: 2 * HOUR + 40, until: 3 * HOUR },
    { name: "rotation with overlap, from a to b", from: 3 * HOUR, until: 6 * HOUR + 30 },
    { name: "hard cut: c replaces b and signs at once", from: 7 * HOUR, until: 7 * HOUR + 30 },
    { name: "flood of random kids", from: 8 * HOUR, until: 8 * HOUR + 30 },
    { name: "outage: refuses, hangs, then status 500", from: 10 * HOUR, until: 16 * HOUR },
    { name: "recovery", from: 16 * HOUR, until: 16 * HOUR + 30 },
    { name: "emergency removal of c, d was published", from: 18 * HOUR, until: 18 * HOUR + 30 },
    { name: "quiet again", from: 21 * HOUR, until: 22 * HOUR + 40 },
  ],
};

/** The cut is not at a whole minute, because cooldowns that began with a flood would end at that moment. */
const HARD_CUT: readonly KeyState[] = [
  { from: 0, published: ["a"], signing: "a" },
  { from: 20.27, published: ["b"], signing: "b" },
];

/** The issuer signs with a new key 40 s before it publishes it. */
const LATE_PUBLICATION: readonly KeyState[] = [
  { from: 0, published: ["a"], signing: "a" },
  { from: 20.27, published: ["a"], signing: "b" },
  { from: 20.27 + 40 / 60, published: ["b"], signing: "b" },
];

/** A span so short before the cut that each isolate gets one forged kid in it, if it gets a request at all. */
const ONE_FORGED_KID: Span = { from: 20.27 - 4 / 60, until: 20.27 - 1 / 60 };

const MISSED_CRON: readonly FaultSpell[] = [{ from: 30, until: 31, share: 1, kind: "status-500" }];

/** Hours so bad that some callers are refused. The report shows how many, and how. */
export const STRESSES: readonly Scenario[] = [
  { ...plain("first deployment: KV is empty", HOUR), warmKv: false },
  { ...plain("the cron trigger misses once", HOUR), faults: MISSED_CRON },
  {
    ...plain("the cron trigger misses once, refreshAfterSeconds 900", HOUR),
    settings: { refreshAfterSeconds: 900 },
    faults: MISSED_CRON,
  },
  {
    ...plain("hard cut while 1 of 100 issuer answers is an error", HOUR),
    keyStates: HARD_CUT,
    faults: [{ from: 0, until: HOUR, share: 0.01, kind: "status-500" }],
  },
  {
    ...plain("hard cut in the middle of a flood", HOUR),
    keyStates: HARD_CUT,
    floods: [{ from: 10, until: 30 }],
  },
  {
    ...plain("hard cut in the middle of a flood, tokens without iat", HOUR),
    keyStates: HARD_CUT,
    floods: [{ from: 10, until: 30 }],
    withoutIat: true,
  },
  { ...plain("hard cut a second after one forged kid", HOUR), keyStates: HARD_CUT, floods: [ONE_FORGED_KID] },
  {
    ...plain("hard cut a second after one forged kid, tokens without iat", HOUR),
    keyStates: HARD_CUT,
    floods: [ONE_FORGED_KID],
    withoutIat: true,
  },
  { ...plain("hard cut, and the new key is published 40 s late", HOUR), keyStates: LATE_PUBLICATION },
  {
    ...plain("two caches of the issuer, one with a and one with b, for 10 min", HOUR),
    keyStates: [
      { from: 0, published: ["a"], signing: "a" },
      { from: 20.27, published: ["a", "b"], signing: "b" },
    ],
    disagreement: { from: 20.27, until: 30.27, caches: [["a"], ["b"]] },
  },
  {
    ...plain("outage of 75 min, maxStaleSeconds 3600", 2 * HOUR),
    settings: { maxStaleSeconds: 3_600 },
    faults: [{ from: 20, until: 95, share: 1, kind: "refuses" }],
  },
];

/** An hour in which nothing happens. */
export const QUIET: Scenario = plain("quiet", HOUR);

function plain(name: string, minutes: number): Scenario {
  const keyStates = [{ from: 0, published: ["a"], signing: "a" }];
  return { name, minutes, warmKv: true, keyStates, faults: [], floods: [], phases: [] };
}
