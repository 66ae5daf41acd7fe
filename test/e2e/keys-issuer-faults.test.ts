/** Every way in which an issuer can fail, in every state of the gateway's keys. */

import { generateKeyPairSync } from "node:crypto";
import { gzipSync } from "node:zlib";
import { exportJWK, generateKeyPair, type JWK } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answersWith, cuts, drips, hangs, type KeySetAnswer, publishes } from "../support/scripted/scripted-issuer.ts";
import { bringInto, SETTINGS, STARTING_STATES, type StartingState } from "../support/scripted/scripted-state.ts";
import { type ScriptedWorld, startScriptedWorld } from "../support/scripted/scripted-world.ts";
import { createSigningKey, type SigningKey } from "../support/token/signing-key.ts";

const good = await createSigningKey("good");
/** Another key under the same `kid`. */
const twin = await createSigningKey("good");
const goodSet = JSON.stringify({ keys: [good.publicJwk] });
const twinSet = JSON.stringify({ keys: [twin.publicJwk] });

/** The good key set, padded with a member that means nothing. */
const padded = (bytes: number) => `${goodSet.slice(0, -1)},"pad":"${"x".repeat(bytes - goodSet.length - 9)}"}`;

const compressed = (body: Uint8Array): KeySetAnswer => {
  return (_request, response) => response.writeHead(200, { "content-encoding": "gzip" }).end(body);
};

/** Sends bytes as fast as they are read, without end. */
const floods = (status: number): KeySetAnswer => {
  return (_request, response) => {
    response.writeHead(status);
    const send = () => {
      while (!response.destroyed && response.write(" ".repeat(65_536)));
    };
    response.on("drain", send);
    send();
  };
};

interface Expected {
  /** The answers to the first caller, and to one who comes after everything that the first has started has ended. */
  readonly callers: readonly [string, string];
  /** Number of requests to the issuer since the fault began. */
  readonly requests: number;
  readonly kv: string;
  readonly log: readonly string[];
}

type ByState = Readonly<Record<StartingState, Expected>>;

const UNAVAILABLE = `503 keys-unavailable ${SETTINGS.cooldownSeconds}`;

/** A bad answer never replaces a good set, is never a 401, and is not requested twice in a cooldown. */
function badAnswer(code: string): ByState {
  const failed = `refresh-failed ${code}`;
  return {
    cold: { callers: [UNAVAILABLE, UNAVAILABLE], requests: 1, kv: "empty", log: [failed] },
    warm: { callers: ["200 memory", "200 memory"], requests: 0, kv: "good, 0 s old", log: [] },
    aging: {
      callers: ["200 memory", "200 memory"],
      requests: 1,
      kv: "good, 600 s old",
      log: [failed, `serving-stale ${code}`],
    },
    "past the bound": {
      callers: [UNAVAILABLE, UNAVAILABLE],
      requests: 1,
      kv: "good, 86401 s old",
      log: [failed],
    },
  };
}

/** The usable keys of an answer are used, however bad the rest is. `kept`: whether they are the keys of before. */
function usableAnswer(kids: string, skipped: readonly string[] = [], kept = true): ByState {
  const refreshed = [...skipped, ...(kept ? [] : ["refreshed issuer"])];
  const kv = `${kids}, 0 s old`;
  return {
    cold: { callers: ["200 issuer", "200 memory"], requests: 1, kv, log: [...skipped, "refreshed issuer"] },
    warm: { callers: ["200 memory", "200 memory"], requests: 0, kv: "good, 0 s old", log: [] },
    aging: { callers: ["200 memory", "200 memory"], requests: 1, kv, log: refreshed },
    "past the bound": { callers: ["200 issuer", "200 memory"], requests: 1, kv, log: refreshed },
  };
}

/** The requests do not arrive, so none is counted. */
function withoutRequests(expected: ByState): ByState {
  return {
    cold: { ...expected.cold, requests: 0 },
    warm: expected.warm,
    aging: { ...expected.aging, requests: 0 },
    "past the bound": { ...expected["past the bound"], requests: 0 },
  };
}

interface Fault {
  readonly name: string;
  readonly answer: KeySetAnswer | "refuses";
  readonly expected: ByState;
  /** Signs the second caller's token, and the first caller's if the set is new. Default: the good key. */
  readonly signer?: SigningKey;
}

const publicJwkOf = async (algorithm: string, options: { crv?: string } = {}): Promise<JWK> =>
  exportJWK((await generateKeyPair(algorithm, { extractable: true, ...options })).publicKey);

const privateJwk = { ...(await exportJWK(good.privateKey)), kid: "private" };
const symmetric: JWK = { kty: "oct", k: "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0", kid: "symmetric" };
const shortRsa = {
  ...(generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey.export({ format: "jwk" }) as JWK),
  kid: "short",
};
const wrongCurve = {
  ...(generateKeyPairSync("ec", { namedCurve: "secp256k1" }).publicKey.export({ format: "jwk" }) as JWK),
  kid: "secp256k1",
};
const refusedCurve = { ...(await publicJwkOf("ES384")), kid: "p-384" };
const offCurve = { ...good.publicJwk, y: good.publicJwk.x ?? "", kid: "off-curve" };
const { kid: _kid, ...withoutKid } = good.publicJwk;
const manyKeys = (await Promise.all(Array.from({ length: 499 }, () => publicJwkOf("EdDSA")))).map(
  ({ kty, crv, x }, index) => ({ kty, crv, x, kid: `k${index}` }) as JWK,
);
const manyLargeKeys = Array.from({ length: 499 }, (_, index) => ({ ...twin.publicJwk, kid: `k${index}` }));

const FAULTS: readonly Fault[] = [
  { name: "refuses connections", answer: "refuses", expected: withoutRequests(badAnswer("unreachable")) },
  { name: "cuts the connection", answer: cuts, expected: badAnswer("unreachable") },
  { name: "hangs", answer: hangs, expected: badAnswer("timeout") },
  { name: "drips bytes", answer: drips, expected: badAnswer("timeout") },
  { name: "answers 500 with a key set", answer: answersWith(500, twinSet), expected: badAnswer("http-status") },
  { name: "answers 404", answer: answersWith(404, ""), expected: badAnswer("http-status") },
  {
    name: "answers 304 to every request",
    answer: answersWith(304, ""),
    expected: { ...usableAnswer("good"), cold: badAnswer("http-status").cold },
  },
  {
    name: "redirects to a key set",
    answer: (request, response) => {
      const isRedirected = request.url?.endsWith("/elsewhere");
      answersWith(isRedirected ? 200 : 302, twinSet, { location: `${request.url}/elsewhere` })(request, response);
    },
    expected: badAnswer("http-status"),
  },
  {
    name: "answers with HTML",
    answer: answersWith(200, "<!doctype html><title>Maintenance</title>", { "content-type": "text/html" }),
    expected: badAnswer("not-json"),
  },
  {
    name: "answers with truncated JSON",
    answer: answersWith(200, twinSet.slice(0, -10)),
    expected: badAnswer("not-json"),
  },
  {
    name: "announces more bytes than it sends",
    answer: (_request, response) => {
      response.writeHead(200, { "content-length": twinSet.length + 1 });
      response.write(twinSet, () => response.destroy());
    },
    expected: badAnswer("unreachable"),
  },
  { name: "answers with nothing", answer: answersWith(200, ""), expected: badAnswer("not-json") },
  {
    name: "answers with JSON of another kind",
    answer: answersWith(200, '{"jwks":[]}'),
    expected: badAnswer("not-a-key-set"),
  },
  { name: "sends 10 MB", answer: answersWith(200, padded(10_000_000)), expected: badAnswer("too-large") },
  { name: "sends 64 KiB", answer: answersWith(200, padded(65_536)), expected: usableAnswer("good") },
  { name: "sends 64 KiB and a byte", answer: answersWith(200, padded(65_537)), expected: badAnswer("too-large") },
  { name: "sends bytes without end", answer: floods(200), expected: badAnswer("too-large") },
  { name: "answers 500 with bytes without end", answer: floods(500), expected: badAnswer("http-status") },
  {
    name: "answers 429 with a key set and a day of Retry-After",
    answer: answersWith(429, twinSet, { "retry-after": "86400" }),
    expected: badAnswer("http-status"),
  },
  { name: "compresses the set", answer: compressed(gzipSync(goodSet)), expected: usableAnswer("good") },
  {
    name: "compresses 10 MB into 10 KB",
    answer: compressed(gzipSync(padded(10_000_000))),
    expected: badAnswer("too-large"),
  },
  {
    name: "breaks off a compressed set",
    answer: compressed(gzipSync(goodSet).subarray(0, -9)),
    expected: badAnswer("unreachable"),
  },
  {
    name: "begins with a byte order mark and names another charset",
    answer: answersWith(200, `\ufeff${goodSet}`, { "content-type": "text/plain; charset=iso-8859-1" }),
    expected: usableAnswer("good"),
  },
  {
    name: "writes UTF-16",
    answer: (_request, response) => response.end(Buffer.from(goodSet, "utf16le")),
    expected: badAnswer("not-json"),
  },
  { name: "publishes an empty set", answer: answersWith(200, '{"keys":[]}'), expected: badAnswer("no-usable-key") },
  {
    name: "publishes 500 keys, ours the last",
    answer: publishes(...manyKeys, good.publicJwk),
    expected: usableAnswer("500 keys", [], false),
  },
  {
    name: "publishes 500 keys of more than 64 KiB",
    answer: publishes(...manyLargeKeys, good.publicJwk),
    expected: badAnswer("too-large"),
  },
  {
    name: "publishes two keys under one kid",
    answer: publishes(good.publicJwk, twin.publicJwk),
    expected: usableAnswer("good good", [], false),
    signer: twin,
  },
  {
    name: "publishes one key twice",
    answer: publishes(good.publicJwk, { ...good.publicJwk, use: "sig" }),
    expected: usableAnswer("good"),
  },
  ...badKey("a key without kid", withoutKid, "kid-missing"),
  ...badKey("a private key", privateJwk, "private"),
  ...badKey("a symmetric key", symmetric, "symmetric"),
  ...badKey("an RSA key of 1024 bits", shortRsa, "rsa-too-short"),
  ...badKey("a key on a wrong curve", wrongCurve, "crv-unsupported"),
  ...badKey("a key on a curve whose algorithm is not accepted", refusedCurve, "alg-not-allowed"),
  ...badKey("a point off its curve", offCurve, "import-failed"),
];

/** A bad key never spoils the set. A set of bad keys only counts as none. */
function badKey(what: string, key: JWK, why: string): readonly Fault[] {
  return [
    {
      name: `publishes ${what} before ours`,
      answer: publishes(key, good.publicJwk),
      expected: usableAnswer("good", [`key-skipped ${why}`]),
    },
    { name: `publishes only ${what}`, answer: publishes(key), expected: badAnswer("no-usable-key") },
  ];
}

const ROWS = FAULTS.flatMap(({ expected, ...fault }, index) =>
  STARTING_STATES.map((state, column) => {
    const { callers, ...rest } = expected[state];
    return { ...fault, ...rest, state, issuer: `row-${index}-${column}`, callers: callers.join(", ") };
  }),
);

let world: ScriptedWorld;
beforeAll(async () => {
  world = await startScriptedWorld({ issuers: ROWS.map(({ issuer }) => issuer), keys: SETTINGS });
});
afterAll(() => world?.dispose());

describe("an issuer that", () => {
  for (const { name, issuer, state, answer, signer = good, ...expected } of ROWS) {
    const { callers, requests, kv, log } = expected;
    it(`${name}, when the keys are ${state}: ${callers}; requests: ${requests}; in KV: ${kv}`, async () => {
      await bringInto(state, world, issuer, good);
      const before = world.issuer.requests(issuer);
      if (answer === "refuses") await world.issuer.stop();
      else world.issuer.script(issuer, answer);
      try {
        const isNew = state === "cold" || state === "past the bound";
        const first = await world.ask(await world.token(issuer, isNew ? signer : good));
        const second = await world.ask(await world.token(issuer, state === "warm" ? good : signer));
        expect({
          callers: `${first}, ${second}`,
          requests: world.issuer.requests(issuer) - before,
          kv: await world.inKv(issuer),
          log: world.changes(issuer),
        }).toEqual({ callers, requests, kv, log });
      } finally {
        if (answer === "refuses") await world.issuer.start();
      }
    });
  }
});
