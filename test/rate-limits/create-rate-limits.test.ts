import { describe, expect, it } from "vitest";
import { RATE_LIMIT_RETRY_AFTER_SECONDS, RATE_LIMIT_TIMEOUT_MS } from "../../src/limits.ts";
import type { Policy, Route } from "../../src/policy/policy.ts";
import { createRateLimits, rateLimitFaults } from "../../src/rate-limits/create-rate-limits.ts";
import type { CountedToken } from "../../src/rate-limits/rate-limit-key.ts";
import { compiled, policyFileWithRoute } from "../support/policy/policy-file.ts";

const LIMITS = {
  slow: { binding: "SLOW", limit: 100, periodSeconds: 60, by: "client" },
  fast: { binding: "FAST", limit: 5, periodSeconds: 10, by: "client", onError: "refuse" },
  callers: { binding: "CALLERS", limit: 50, periodSeconds: 60, by: "address" },
};

function policyWith(names: readonly string[]): Policy & { readonly route: Route } {
  const file = policyFileWithRoute({ scopes: ["read:orders"], rateLimit: names });
  const policy = compiled({ ...file, rateLimits: LIMITS });
  const [route] = policy.routes;
  if (route === undefined) throw new Error("The policy has a route.");
  return { ...policy, route };
}

/** A binding with an answer, and the keys that it was asked for. */
function bindingWith(answer: () => unknown) {
  const keys: string[] = [];
  return {
    keys,
    limit: async ({ key }: { key: string }) => {
      keys.push(key);
      return answer();
    },
  };
}
const within = () => bindingWith(() => ({ success: true }));
const beyond = () => bindingWith(() => ({ success: false }));

const [ISSUER] = compiled(policyFileWithRoute({ scopes: ["read:orders"] })).issuers.values();
const TOKEN = {
  issuer: ISSUER,
  clientId: "app",
  subject: "ada",
  tenant: undefined,
  claims: {},
} as unknown as CountedToken;
const NOBODY = new Headers();
const ADA = new Headers({ "cf-connecting-ip": "192.0.2.1" });

function counting(names: readonly string[], bindings: Readonly<Record<string, unknown>>) {
  const lines: { readonly line: object; readonly level: string | undefined }[] = [];
  const slept: number[] = [];
  const limits = createRateLimits({
    bindings,
    // Time is over at once, but not before an answer that is there already.
    sleep: async (ms) => {
      slept.push(ms);
      for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    },
    log: (line, level) => lines.push({ line, level }),
  });
  const { route } = policyWith(names);
  return {
    lines,
    slept,
    byToken: (token: CountedToken | undefined = TOKEN) => limits.byToken(route, token),
    byAddress: (headers = ADA) => limits.byAddress(route, headers),
  };
}

describe("a request", () => {
  it("goes on within its limits, and each is asked once", async () => {
    const [SLOW, FAST, CALLERS] = [within(), within(), within()];
    const { byToken, byAddress } = counting(["slow", "fast", "callers"], { SLOW, FAST, CALLERS });
    expect([await byAddress(), await byToken()]).toEqual([undefined, undefined]);
    expect([SLOW, FAST, CALLERS].map(({ keys }) => keys.length)).toEqual([1, 1, 1]);
  });

  it("is refused beyond a limit, with its period as the time to wait", async () => {
    const denial = await counting(["slow"], { SLOW: beyond() }).byToken();
    expect(denial).toMatchObject({
      reason: "rate-limited",
      detail: "The rate limit `slow` is exceeded.",
      retryAfterSeconds: 60,
      entry: { status: 429 },
    });
    expect(denial?.entry?.challenge).toBeUndefined();
  });

  it("that one limit refuses is not counted under the others", async () => {
    const [SLOW, FAST] = [within(), beyond()];
    const denial = await counting(["slow", "fast"], { SLOW, FAST }).byToken();
    expect(denial).toMatchObject({ reason: "rate-limited", retryAfterSeconds: 10 });
    expect(SLOW.keys).toEqual([]);
  });

  it("is refused beyond a limit by address, before anyone reads its token", async () => {
    const [SLOW, CALLERS] = [within(), beyond()];
    const { byAddress } = counting(["slow", "callers"], { SLOW, CALLERS });
    expect(await byAddress()).toMatchObject({
      reason: "rate-limited",
      detail: "The rate limit `callers` is exceeded.",
    });
    expect(SLOW.keys).toEqual([]);
  });

  it("without an address is counted, too", async () => {
    const CALLERS = beyond();
    expect(await counting(["callers"], { CALLERS }).byAddress(NOBODY)).toMatchObject({ reason: "rate-limited" });
    expect(CALLERS.keys).toHaveLength(1);
  });

  it.each([
    { name: "no limit by address", names: ["slow"], ask: "byAddress" as const },
    { name: "no limit by the token", names: ["callers"], ask: "byToken" as const },
  ])("waits for nothing with $name", ({ names, ask }) => {
    expect(counting(names, { SLOW: beyond(), CALLERS: beyond() })[ask]()).toBeUndefined();
  });

  it("without a token is not counted by the token", () => {
    const { route } = policyWith(["slow"]);
    const limits = createRateLimits({ bindings: { SLOW: beyond() }, sleep: async () => {}, log: () => {} });
    expect(limits.byToken(route, undefined)).toBeUndefined();
  });
});

const FAILING: readonly { readonly name: string; readonly answer: () => unknown; readonly message: string }[] = [
  {
    name: "throws",
    answer: () => {
      throw new Error("broken");
    },
    message: "Error: broken",
  },
  {
    name: "throws what is no text",
    answer: () => {
      throw Object.create(null);
    },
    message: "The binding failed.",
  },
  {
    name: "does not answer",
    answer: () => new Promise(() => {}),
    message: `The binding did not answer within ${RATE_LIMIT_TIMEOUT_MS} ms.`,
  },
  ...[undefined, null, "yes", 1, {}, { success: "true" }, { success: 1 }, { success: null }, []].map((answer) => ({
    name: `answers ${JSON.stringify(answer)}`,
    answer: () => answer,
    message: "The binding did not answer whether the request is within the limit.",
  })),
];

describe.each(FAILING)("a binding that $name", ({ answer, message }) => {
  it("lets requests go on, and the log tells it once", async () => {
    const { byToken, lines, slept } = counting(["slow"], { SLOW: bindingWith(answer) });
    expect([await byToken(), await byToken()]).toEqual([undefined, undefined]);
    expect(lines).toEqual([{ line: { event: "rate-limit-failed", rate_limit: "slow", message }, level: "error" }]);
    expect(slept[0]).toBe(RATE_LIMIT_TIMEOUT_MS);
  });

  it("refuses requests where the limit says so", async () => {
    const { byToken, lines } = counting(["fast"], { FAST: bindingWith(answer) });
    const denial = await byToken();
    expect(denial).toMatchObject({
      reason: "rate-limit-unavailable",
      detail: `The rate limit \`fast\` could not be counted: ${message}`,
      retryAfterSeconds: RATE_LIMIT_RETRY_AFTER_SECONDS,
      entry: { status: 503 },
    });
    expect(lines).toEqual([]);
  });
});

describe("a limit whose binding fails", () => {
  it("does not keep the next one from refusing", async () => {
    const bindings = { CALLERS: within(), SLOW: beyond() };
    const failing = { limit: () => Promise.reject(new Error("broken")) };
    const { byToken } = counting(["slow", "fast"], { ...bindings, FAST: failing });
    expect(await byToken()).toMatchObject({ reason: "rate-limit-unavailable" });
    const open = counting(["callers", "slow"], { ...bindings, CALLERS: failing });
    expect([await open.byAddress(), await open.byToken()]).toMatchObject([undefined, { reason: "rate-limited" }]);
  });

  it.each(["fast", "slow"])(
    "costs no more time than two, however many do not answer, and %s still refuses",
    async (last) => {
      const hanging = Object.fromEntries(
        Array.from({ length: 12 }, (_, index) => [
          `hangs${index}`,
          { binding: `HANGS_${index}`, limit: 1, periodSeconds: 10, by: "client" },
        ]),
      );
      const names = [...Object.keys(hanging), last];
      const file = policyFileWithRoute({ scopes: ["read:orders"], rateLimit: names });
      const [route] = compiled({ ...file, rateLimits: { ...LIMITS, ...hanging } }).routes;
      const asked: string[] = [];
      const bindings = Object.fromEntries(
        Object.values(hanging).map(({ binding }) => {
          const limit = () => {
            asked.push(binding);
            return new Promise(() => {});
          };
          return [binding, { limit }];
        }),
      );
      let waiting: (() => void)[] = [];
      const limits = createRateLimits({
        bindings: { ...bindings, FAST: beyond(), SLOW: beyond() },
        sleep: () => new Promise((resolve) => waiting.push(resolve)),
        log: () => {},
      });
      const counted = limits.byToken(route as Route, TOKEN);
      let rounds = 0;
      for (let isDone = false; !isDone; rounds++) {
        // Time passes for all that wait.
        await new Promise((resolve) => setTimeout(resolve, 20));
        for (const resume of waiting) resume();
        waiting = [];
        isDone =
          (await Promise.race([
            counted?.then(() => true),
            new Promise<boolean>((r) => setTimeout(() => r(false), 5)),
          ])) ?? false;
      }
      expect(rounds).toBeLessThanOrEqual(2);
      expect(asked).toHaveLength(12);
      expect(await counted).toMatchObject({
        reason: "rate-limited",
        detail: `The rate limit \`${last}\` is exceeded.`,
      });
    },
  );

  it("changes no answer where the log fails, too", async () => {
    const limits = createRateLimits({
      bindings: { SLOW: { limit: () => Promise.reject(new Error("broken")) } },
      sleep: () => new Promise(() => {}),
      log: () => {
        throw new Error("no log");
      },
    });
    expect(await limits.byToken(policyWith(["slow"]).route, TOKEN)).toBeUndefined();
  });

  it("puts no token into the log", async () => {
    const token = `eyJ${"a".repeat(40)}.eyJ${"b".repeat(40)}.${"c".repeat(40)}`;
    const failing = { limit: () => Promise.reject(new Error(`Bearer ${token}`)) };
    const { byToken, lines } = counting(["slow"], { SLOW: failing });
    await byToken();
    expect(JSON.stringify(lines)).not.toContain(token);
  });
});

describe("rateLimitFaults", () => {
  const { rateLimits = [] } = policyWith(["slow", "fast"]);
  it.each<{ name: string; bindings: Record<string, unknown>; own?: string[]; expected: readonly string[] }>([
    { name: "both bindings", bindings: { SLOW: within(), FAST: within() }, expected: [] },
    { name: "one binding less", bindings: { SLOW: within() }, expected: ["fast"] },
    { name: "no binding", bindings: {}, expected: ["slow", "fast"] },
    { name: "a var in place of a binding", bindings: { SLOW: within(), FAST: "RL" }, expected: ["fast"] },
    {
      name: "a namespace in place of a binding",
      bindings: { SLOW: within(), FAST: { get: () => {} } },
      expected: ["fast"],
    },
    {
      name: "a binding of the gateway itself",
      bindings: { SLOW: within(), FAST: within() },
      own: ["FAST"],
      expected: ["fast"],
    },
  ])("are there with $name: $expected", ({ bindings, own = [], expected }) => {
    const faults = rateLimitFaults(rateLimits, bindings, new Set(own));
    expect(faults.map(({ path }) => path)).toEqual(expected.map((name) => ["rateLimits", name, "binding"]));
  });
});
