/** Used proofs that a Durable Object remembers for all isolates, on workerd with its real storage. */
import { randomUUID } from "node:crypto";
import { calculateJwkThumbprint } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { LocalWorker } from "../../../src/local/miniflare.ts";
import { call, statusAndReason } from "../../support/e2e/call.ts";
import { gatewayPolicy } from "../../support/e2e/gateway-policy.ts";
import { bundleGateway, runGateway, type TestGateway } from "../../support/e2e/test-gateway.ts";
import { startIssuer, type TestIssuer } from "../../support/e2e/test-issuer.ts";
import { startUpstream, type TestUpstream } from "../../support/e2e/test-upstream.ts";
import { createProofKey, hashOf, type ProofKey, signProof } from "../../support/token/dpop-proof.ts";

const PUBLIC_URL = "https://api.example";
const REUSED = "401 dpop-proof-invalid";

let issuer: TestIssuer;
let upstream: TestUpstream;
let script: string;
let key: ProofKey;
let token: string;

beforeAll(async () => {
  key = await createProofKey();
  [issuer, upstream] = await Promise.all([startIssuer(), startUpstream()]);
  const base = gatewayPolicy(issuer, upstream);
  script = await bundleGateway({
    ...base,
    publicUrl: PUBLIC_URL,
    dpop: { replay: "global" },
    issuers: { main: { issuer: issuer.url, profile: "cognito", algorithms: ["ES256"], binding: { dpop: "required" } } },
  });
  token = await issuer.token({ cnf: { jkt: await calculateJwkThumbprint(key.publicJwk) } });
}, 120_000);
afterAll(() => Promise.all([issuer?.stop(), upstream?.stop()]));
beforeEach(() => {
  upstream.received.length = 0;
});

function proofOf(claims: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const usual = { htm: "GET", htu: `${PUBLIC_URL}/me`, iat: Math.floor(Date.now() / 1000), jti: randomUUID() };
  return signProof(key, { ...usual, ath: hashOf(token), ...claims });
}

function send(at: { readonly origin: string }, proof: string) {
  return call(at.origin, "GET /me", { headers: { authorization: `DPoP ${token}`, dpop: proof } });
}

async function outcomeOf(at: { readonly origin: string }, proof: string): Promise<string> {
  return statusAndReason(await send(at, proof));
}

describe("with the object", () => {
  let gateway: TestGateway;
  /** A second Worker with the same objects: what another isolate of the gateway would be. */
  let other: { readonly origin: string };

  beforeAll(async () => {
    const second: LocalWorker = {
      name: "second",
      script,
      kv: ["JWKS"],
      bindings: { REPLAY: { type: "durable-object", worker: "gateway", exportName: "ReplayGuard" } },
      compatibilityFlags: ["global_fetch_strictly_public"],
    };
    gateway = await runGateway(script, { durableObjects: { REPLAY: "ReplayGuard" }, workers: [second] });
    other = { origin: gateway.urls["second"] ?? "" };
  });
  afterAll(() => gateway?.dispose());

  it("a proof passes once, in one isolate or another, and a new isolate knows it", async () => {
    const [proof, next] = [await proofOf(), await proofOf()];
    expect(await outcomeOf(gateway, proof)).toBe("200");
    upstream.received.length = 0;
    expect([await outcomeOf(gateway, proof), await outcomeOf(other, proof)]).toEqual([REUSED, REUSED]);
    await gateway.restart();
    expect(await outcomeOf(gateway, proof)).toBe(REUSED);
    expect(upstream.received).toEqual([]);
    expect([await outcomeOf(other, next), await outcomeOf(gateway, next)]).toEqual(["200", REUSED]);
  });

  it("of one proof on many connections at once, to two isolates, exactly one passes", async () => {
    for (let round = 0; round < 5; round++) {
      upstream.received.length = 0;
      const proof = await proofOf();
      const answers = await Promise.all(
        [gateway, other, gateway, other, gateway, other].map((at) => outcomeOf(at, proof)),
      );
      expect(answers.toSorted()).toEqual(["200", REUSED, REUSED, REUSED, REUSED, REUSED]);
      expect(upstream.received).toHaveLength(1);
    }
  });

  it("a proof that fails another check is not used up", async () => {
    const jti = randomUUID();
    const wrong = await proofOf({ jti, htm: "POST" });
    expect(await outcomeOf(gateway, wrong)).toBe(REUSED);
    expect(upstream.received).toEqual([]);
    expect(await outcomeOf(gateway, await proofOf({ jti }))).toBe("200");
  });
});

const FAULTS: readonly { readonly name: string; readonly fetch: string }[] = [
  { name: "throws", fetch: 'throw new Error("broken")' },
  { name: "hangs", fetch: "await scheduler.wait(20_000); return new Response(null, { status: 201 })" },
  { name: "has no room", fetch: "return new Response(null, { status: 507 })" },
  { name: "answers something else", fetch: "return new Response()" },
];

describe.each(FAULTS)("with an object that $name", ({ fetch }) => {
  it("nothing passes, and the client may try again", async () => {
    const faulty: LocalWorker = {
      name: "faulty",
      script: `export default { fetch: () => new Response() }; export class Faulty { async fetch() { ${fetch} } }`,
      durableObjects: { SELF: "Faulty" },
    };
    const bindings = { REPLAY: { type: "durable-object", worker: "faulty", exportName: "Faulty" } } as const;
    const gateway = await runGateway(script, { bindings, workers: [faulty] });
    try {
      const answer = await send(gateway, await proofOf());
      expect([statusAndReason(answer), answer.headers.get("retry-after")]).toEqual([
        "503 replay-check-unavailable",
        "1",
      ]);
      expect(upstream.received).toEqual([]);
    } finally {
      await gateway.dispose();
    }
  });
});

it("without the object nothing is served, and the log says why", async () => {
  const gateway = await runGateway(script);
  try {
    expect(await outcomeOf(gateway, await proofOf())).toBe("500 policy-invalid");
    expect(upstream.received).toEqual([]);
    await gateway.scheduled();
    expect(JSON.stringify(gateway.logs)).toContain("The Worker has no Durable Object `REPLAY`.");
  } finally {
    await gateway.dispose();
  }
});
