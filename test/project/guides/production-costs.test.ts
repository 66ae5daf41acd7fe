import { beforeAll, describe, expect, it } from "vitest";
import { createGateway } from "../../../src/gateway.ts";
import { isWorthWriting } from "../../../src/keys/kv-tier.ts";
import { removedKeyBound } from "../../../src/keys/removed-key-bound.ts";
import {
  DEFAULT_COOLDOWN_SECONDS,
  DEFAULT_ISSUER_TIMEOUT_MS,
  DEFAULT_MAX_STALE_SECONDS,
  DEFAULT_PUBLICATION_LAG_SECONDS,
  DEFAULT_REFRESH_AFTER_SECONDS,
} from "../../../src/limits.ts";
import { compilePolicy } from "../../../src/policy/compile/compile-policy.ts";
import type { KeySettings } from "../../../src/policy/policy.ts";
import { LOG_VERSION } from "../../../src/telemetry/log.ts";
import { createAuthenticator } from "../../../src/token/authenticate.ts";
import type { UpstreamResponse } from "../../../src/upstream/fetcher-of.ts";
import { FakeKeyStore, keySetOf } from "../../support/keys/fake-key-store.ts";
import { expectGuideToSay, GUIDE, GUIDE_TEXT } from "../../support/project/production-guide.ts";
import { projectFile, SHOP_POLICY, SHOP_WRANGLER, tableRows } from "../../support/project/project-files.ts";
import { claimsOf, createSigner, NOW_MS, type Signer, signToken } from "../../support/token/tokens.ts";

const DAY_SECONDS = 24 * 60 * 60;

/** As the guide writes numbers. */
function written(value: number): string {
  return value.toLocaleString("en-US");
}

describe("what the guide says about KV writes", () => {
  const WRITES_PER_DAY = 1000;
  const settingsOf = (refreshAfterSeconds: number): KeySettings => ({
    refreshAfterSeconds,
    maxStaleSeconds: DEFAULT_MAX_STALE_SECONDS,
    cooldownSeconds: DEFAULT_COOLDOWN_SECONDS,
    publicationLagSeconds: DEFAULT_PUBLICATION_LAG_SECONDS,
    timeoutMs: DEFAULT_ISSUER_TIMEOUT_MS,
  });

  /** Seconds from minute to minute of a trigger such as every five minutes. */
  function cronSeconds(): number {
    const [, minutes] = /crons = \["\*\/(\d+) \* \* \* \*"\]/.exec(projectFile(SHOP_WRANGLER)) ?? [];
    return Number(minutes) * 60;
  }

  /** The times of a day at which the trigger writes an unchanged key set, in seconds. */
  function writesOfADay(refreshAfterSeconds: number): readonly number[] {
    const keys = new Set(["a key"]);
    const writes: number[] = [];
    for (let now = 0; now < DAY_SECONDS; now += cronSeconds()) {
      const latest = writes.at(-1);
      const seen = latest === undefined ? undefined : { fetchedAt: latest * 1000, keys };
      if (isWorthWriting(keys, seen, settingsOf(refreshAfterSeconds), now * 1000)) writes.push(now);
    }
    return writes;
  }

  const rows = tableRows(GUIDE, [
    "`refreshAfterSeconds`",
    "a record is written every",
    "writes per day and issuer",
    "issuers within 1,000 writes",
    "[a removed key](keys.md#a-removed-key) is accepted for up to",
  ]).map((cells) => ({ refreshAfterSeconds: Number(cells[0]?.replace(/\D/g, "")), cells }));

  it("has a row for the default", () => {
    expect(rows[0]?.refreshAfterSeconds).toBe(DEFAULT_REFRESH_AFTER_SECONDS);
    expect(rows.length).toBeGreaterThan(2);
  });

  it.each(rows)("is what the cron trigger does with $refreshAfterSeconds", ({ refreshAfterSeconds, cells }) => {
    const writes = writesOfADay(refreshAfterSeconds);
    const { whileRefreshing } = removedKeyBound(settingsOf(refreshAfterSeconds));
    expect(cells.slice(1)).toEqual([
      `${written((writes[1] ?? 0) - (writes[0] ?? 0))} s`,
      written(writes.length),
      written(Math.floor(WRITES_PER_DAY / writes.length)),
      `${written(whileRefreshing)} s`,
    ]);
  });

  it("is the same in the text", () => {
    const perDay = writesOfADay(DEFAULT_REFRESH_AFTER_SECONDS).length;
    expectGuideToSay(`runs every ${cronSeconds()} s, so 86,400 / ${cronSeconds()} = ${perDay} times a day`);
    expectGuideToSay(`staging and production with one issuer each make ${2 * perDay} writes`);
    expectGuideToSay(`| 1,000 KV writes per day | ${perDay} for each issuer and environment |`);
  });
});

describe("what the guide says about the cost of the log", () => {
  const ISSUER_URL = "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbCdEfGhI";
  const API = "https://api.myecommerce.com";
  let signer: Signer;
  let sizes: readonly number[];

  /** The bytes of the line of a permitted request, with names as long as those of a deployment with Cognito. */
  async function lineBytes(method: string, path: string, scopes: readonly string[] | undefined): Promise<number> {
    const vars = { ISSUER_URL, PRODUCTS_URL: "https://products.example", ORDERS_URL: "https://orders.example" };
    const compiled = compilePolicy(JSON.parse(projectFile(SHOP_POLICY)), vars);
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.failure));
    const policy = compiled.value;
    const lines: object[] = [];
    const serve = createGateway({
      policy,
      log: (line) => lines.push(line),
      version: crypto.randomUUID(),
      now: () => NOW_MS,
      authenticate: createAuthenticator({ policy, keys: new FakeKeyStore(keySetOf(signer.key)), now: () => NOW_MS }),
      serveEndpoint: (exchange) => exchange.answer(new Response()),
      fetcherOf: () => async () => Object.assign(new Response("served"), { webSocket: null }) as UpstreamResponse,
      setOwnHeaders: () => undefined,
      limitPauses: (response) => response,
    });
    const claims = { iss: ISSUER_URL, sub: crypto.randomUUID(), client_id: "1h57kf5cpq17m0eml12EXAMPLE" };
    const scope = scopes?.map((name) => `${API}/${name}`).join(" ");
    const headers = {
      "cf-ray": "8c4f0a1b2c3d4e5f-FRA",
      ...(scope && { authorization: `Bearer ${await signToken(signer, claimsOf({ ...claims, scope }))}` }),
    };
    const response = await serve(new Request(`https://api.example${path}`, { method, headers }), () => {});
    expect(response.status).toBe(scopes === undefined ? 401 : 200);
    return Buffer.byteLength(JSON.stringify({ ...lines[0], v: LOG_VERSION }));
  }

  beforeAll(async () => {
    signer = await createSigner("RS256");
    sizes = [
      await lineBytes("GET", "/products", ["read:products", "read:orders"]),
      await lineBytes("PUT", "/orders/7", ["read:products", "write:products", "read:orders", "write:orders"]),
      await lineBytes("GET", "/products", undefined),
    ];
  });

  it("is measured from lines that the gateway writes", () => {
    const [two, four, none] = sizes;
    const stated = /has (\d+) to (\d+) bytes, or (\d+) if there is no token/.exec(GUIDE_TEXT)?.slice(1);
    expect(stated).toEqual([two, four, none].map(String));
  });

  /** From 2026-12-01 on, in dollars: https://developers.cloudflare.com/observability/pricing/. */
  function logPrice(gigabytes: number): number {
    const storedGigabyteMonths = (gigabytes * 7) / 30;
    return Math.max(0, gigabytes - 50) * 0.25 + Math.max(0, storedGigabyteMonths - 12) * 0.1;
  }

  /** In dollars: https://developers.cloudflare.com/workers/platform/pricing/. */
  function requestPrice(requests: number): number {
    return 5 + (Math.max(0, requests - 10e6) / 1e6) * 0.3;
  }

  const rows = tableRows(GUIDE, [
    "requests per month",
    "GB, 0.9 to 4.84 KB each",
    "log, $ per month",
    "the requests themselves, $",
  ]);

  it.each([
    { requests: 1e6, name: "10⁶" },
    { requests: 1e8, name: "10⁸" },
    { requests: 1e10, name: "10¹⁰" },
  ])("is what $name requests cost", ({ requests, name }) => {
    const gigabytes = [(requests * 0.9) / 1e6, (requests * 4.84) / 1e6];
    const prices = new Set(gigabytes.map((amount) => written(Math.round(logPrice(amount)))));
    expect(rows.find(([first]) => first === name)).toEqual([
      name,
      gigabytes.map(written).join(" to "),
      [...prices].join(" to "),
      written(Math.round(requestPrice(requests))),
    ]);
  });

  it("rounds the longest line up", () => {
    expect(Math.max(...sizes)).toBeLessThan(900);
  });
});
