/** The issuer is down for hours: valid tokens are accepted, and keys past the bound cause a 503. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answersWith, hangs, publishes } from "../support/scripted/scripted-issuer.ts";
import { SETTINGS } from "../support/scripted/scripted-state.ts";
import { type ScriptedWorld, startScriptedWorld } from "../support/scripted/scripted-world.ts";
import { createSigningKey } from "../support/token/signing-key.ts";

const CRON_SECONDS = 300;
const HOUR_SECONDS = 3_600;

const key = await createSigningKey("good");
const never = await createSigningKey("never-published");

let world: ScriptedWorld;
beforeAll(async () => {
  world = await startScriptedWorld({ issuers: ["main"], keys: SETTINGS });
});
afterAll(() => world?.dispose());

const ready = async () => {
  const { status, body } = await world.ready();
  const { main } = body["issuers"] as Readonly<Record<string, unknown>>;
  return { status, main };
};
const answer = async (claims = {}) => world.ask(await world.token("main", key, claims));

describe("an outage of the issuer", () => {
  it("begins with keys that the cron trigger has put into KV", async () => {
    world.issuer.script("main", publishes(key.publicJwk));
    expect(await world.scheduled()).toBe("ok");
    expect(await world.inKv("main")).toBe("good, 0 s old");
    expect((await world.report("main")).ttlSeconds).toBeGreaterThanOrEqual(SETTINGS.maxStaleSeconds);
    expect(world.changes("main")).toEqual(["refreshed issuer"]);
    expect(await ready()).toEqual({ status: 200, main: { usable: true, ageSeconds: 0, keyCount: 1 } });
  });

  it("of six hours is not noticed by any caller, though isolates start cold", async () => {
    await world.issuer.stop();
    for (let hours = 1; hours <= 6; hours++) {
      await world.advance(HOUR_SECONDS);
      // The cron trigger still fires. Its failed reads leave KV unchanged.
      expect(await world.scheduled()).toBe("ok");
      await world.restart();
      // The issuer still issues tokens: it can sign without serving its key set.
      expect([hours, await answer(), await answer({ iat: -3_000 })]).toEqual([hours, "200 kv", "200 memory"]);
      expect(await world.inKv("main")).toBe(`good, ${hours * HOUR_SECONDS} s old`);
    }
  });

  it("is told to operators: in the log, once, and by the readiness endpoint", async () => {
    world.changes("main");
    await world.restart();
    for (let caller = 0; caller < 3; caller++) await answer();
    const changes = ["refreshed kv", "refresh-failed unreachable", "serving-stale unreachable"];
    expect(world.changes("main")).toEqual(changes);
    expect(await ready()).toEqual({
      status: 200,
      main: { usable: true, ageSeconds: 21_600, keyCount: 1, lastError: "The issuer could not be reached." },
    });
    await world.advance(SETTINGS.cooldownSeconds);
    await answer();
    expect(world.changes("main")).toEqual([]);
  });

  it("up to the last second of maxStaleSeconds refuses nobody", async () => {
    await world.advance(SETTINGS.maxStaleSeconds - 21_600 - SETTINGS.cooldownSeconds);
    expect(await answer()).toBe("200 memory");
    await world.restart();
    expect(await answer()).toBe("200 kv");
    expect(await ready()).toMatchObject({ status: 200, main: { ageSeconds: SETTINGS.maxStaleSeconds } });
  });

  describe("past the bound is a 503 with Retry-After and never a 401", () => {
    beforeAll(() => world.advance(1));

    it.each([
      { name: "for a token that was accepted a moment ago", token: () => world.token("main", key) },
      { name: "for one whose key nobody knows", token: () => world.token("main", never) },
      { name: "for an old one whose key nobody knows", token: () => world.token("main", never, { iat: -3_000 }) },
      {
        name: "for one that has expired, since that cannot be verified",
        token: () => world.token("main", key, { exp: -60 }),
      },
    ])("$name", async ({ token }) => {
      const refused = expect.stringMatching(/^503 keys-unavailable ([1-9]|[12]\d|30)$/);
      expect(await world.ask(await token())).toEqual(refused);
      await world.restart();
      expect(await world.ask(await token())).toEqual(refused);
    });

    it("for the readiness endpoint as well", async () => {
      expect(await ready()).toMatchObject({ status: 503, main: { usable: false } });
    });
  });

  it("is over with the next cron trigger, without a restart", async () => {
    world.changes("main");
    await answer();
    await world.issuer.start();
    await world.advance(CRON_SECONDS);
    expect(await world.scheduled()).toBe("ok");
    expect(await answer()).toBe("200 memory");
    expect(world.changes("main")).toEqual(["refreshed issuer", "recovered unreachable"]);
    expect(await world.inKv("main")).toBe("good, 0 s old");
    expect(await ready()).toEqual({ status: 200, main: { usable: true, ageSeconds: 0, keyCount: 1 } });
  });
});

describe("isolates that the cron trigger does not reach", () => {
  it("recover by KV within a second of a caller", async () => {
    await world.issuer.stop();
    await world.advance(SETTINGS.maxStaleSeconds + 1);
    expect(await answer()).toMatch(/^503/);
    const [name = "", text = ""] = Object.entries((await world.report("main")).stored)[0] ?? [];
    await world.script({ store: { [name]: JSON.stringify({ ...JSON.parse(text), fetchedAt: world.now() }) } });
    await world.advance(1);
    expect(await answer()).toBe("200 kv");
    await world.issuer.start();
  });

  it("recover by themselves after one cooldown", async () => {
    world.issuer.script("main", answersWith(500, ""));
    await world.advance(SETTINGS.maxStaleSeconds + 1);
    expect(await answer()).toBe("503 keys-unavailable 30");
    world.issuer.script("main", publishes(key.publicJwk));
    await world.advance(SETTINGS.cooldownSeconds - 1);
    expect(await answer()).toBe("503 keys-unavailable 1");
    await world.advance(1);
    expect(await answer()).toBe("200 issuer");
  });
});

describe("a cold isolate with 100 callers at once", () => {
  const callers = async () => {
    const tokens = await Promise.all(Array.from({ length: 100 }, () => world.token("main", key)));
    const before = world.issuer.requests("main");
    const answers = await Promise.all(tokens.map((token) => world.ask(token)));
    return { answers: [...new Set(answers)].sort(), requests: world.issuer.requests("main") - before };
  };
  beforeAll(() => world.advance(SETTINGS.maxStaleSeconds + 1));

  it("asks an issuer that hangs once, and refuses them all when it is given up", async () => {
    world.issuer.script("main", hangs);
    await world.restart();
    expect(await callers()).toEqual({ answers: ["503 keys-unavailable 30"], requests: 1 });
  });

  it("asks an issuer that is slow once, and serves them all", async () => {
    const answerWell = publishes(key.publicJwk);
    world.issuer.script("main", (request, response) => void setTimeout(() => answerWell(request, response), 300));
    await world.restart();
    expect(await callers()).toEqual({ answers: ["200 issuer", "200 memory"], requests: 1 });
  });
});
