/** A policy with `revocation` on workerd: a real KV namespace, and every way in which one can fail. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { MAX_REVOCATIONS_BYTES } from "../../../src/limits.ts";
import type { LocalWorker } from "../../../src/local/miniflare.ts";
import { type RevocationEntry, serializeRevocations } from "../../../src/revocations/revocation-value.ts";
import { call, jsonOf } from "../../support/e2e/call.ts";
import { gatewayPolicy } from "../../support/e2e/gateway-policy.ts";
import { bundleGateway, runGateway, startGateway, type TestGateway } from "../../support/e2e/test-gateway.ts";
import { startIssuer, type TestIssuer } from "../../support/e2e/test-issuer.ts";
import { startUpstream, type TestUpstream } from "../../support/e2e/test-upstream.ts";
import { eventually } from "../../support/e2e/wait.ts";
import { wrongMembers } from "../../support/log/log-form.ts";

const REFRESH_MS = 1_000;
let issuer: TestIssuer;
let upstream: TestUpstream;

beforeAll(async () => {
  [issuer, upstream] = await Promise.all([startIssuer(), startUpstream()]);
});
beforeEach(() => {
  upstream.received.length = 0;
});
afterAll(() => Promise.all([issuer?.stop(), upstream?.stop()]));

const policy = (revocation: object = {}) => ({
  ...gatewayPolicy(issuer, upstream),
  revocation: { refreshSeconds: 1, maxStaleSeconds: 2, ...revocation },
});

const seconds = (): number => Math.floor(Date.now() / 1000);
const revoke = (entry: object): RevocationEntry =>
  ({ issuer: "main", until: seconds() + 600, ...entry }) as RevocationEntry;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The status, and the reason of a refusal. */
async function ask(gateway: TestGateway, token: string): Promise<string> {
  const answer = await call(gateway.origin, "GET /me", { token });
  const reason = answer.status === 200 ? "" : ` ${String(jsonOf(answer)["type"]).split("/").at(-1)}`;
  return `${answer.status}${reason}`;
}

/** Writes what it is sent into the namespace that the gateway reads. */
const WRITER: LocalWorker = {
  name: "writer",
  script:
    "export default { async fetch(request, env) { await env.LIST.put('revocations:v1', await request.text()); return new Response(); } };",
  bindings: { LIST: { type: "kv", id: "REVOCATIONS-gateway" } },
};

describe("with a KV namespace", () => {
  let gateway: TestGateway;
  const write = async (...entries: RevocationEntry[]): Promise<void> => {
    await fetch(gateway.urls["writer"] ?? "", { method: "POST", body: serializeRevocations(entries) });
  };

  beforeAll(async () => {
    gateway = await startGateway({ policy: policy(), bindings: { REVOCATIONS: { type: "kv" } }, workers: [WRITER] });
  });
  afterAll(() => gateway?.dispose());

  it.each<{ name: string; claims: Record<string, unknown>; entry: () => object; spared: Record<string, unknown> }>([
    { name: "a token", claims: { jti: "t1" }, entry: () => ({ tokenId: "t1" }), spared: { jti: "t2" } },
    { name: "a session", claims: { sid: "s1" }, entry: () => ({ session: "s1" }), spared: { sid: "s2" } },
    {
      name: "a Cognito sign-in",
      claims: { origin_jti: "o1" },
      entry: () => ({ session: "o1" }),
      spared: { origin_jti: "o2" },
    },
    {
      name: "a subject",
      claims: { sub: "u1", iat: seconds() - 60 },
      entry: () => ({ subject: "u1", notBefore: seconds() - 30 }),
      spared: { sub: "u1", iat: seconds() },
    },
    {
      name: "a client",
      claims: { client_id: "c1", iat: seconds() - 60 },
      entry: () => ({ client: "c1", notBefore: seconds() - 30 }),
      spared: { client_id: "c2", iat: seconds() - 60 },
    },
  ])("$name is refused though it is remembered, another one is not, and an undo counts", async (example) => {
    const [token, other] = await Promise.all([issuer.token(example.claims), issuer.token(example.spared)]);
    expect([await ask(gateway, token), await ask(gateway, token)]).toEqual(["200", "200"]);
    await write(revoke(example.entry()));
    await pause(REFRESH_MS);
    upstream.received.length = 0;
    expect(await ask(gateway, token)).toBe("401 token-revoked");
    expect(upstream.received).toEqual([]);
    expect(await ask(gateway, other)).toBe("200");
    await write();
    await pause(REFRESH_MS);
    expect(await ask(gateway, token)).toBe("200");
  });

  it("the challenge says that the token is invalid, and the log names the kind and no value", async () => {
    const token = await issuer.token({ jti: "not-to-be-logged" });
    await write(revoke({ tokenId: "not-to-be-logged" }));
    await pause(REFRESH_MS);
    const answer = await call(gateway.origin, "GET /me", { token, headers: { "x-request-id": "revoked-1" } });
    expect(answer.headers.get("www-authenticate")).toContain('error="invalid_token"');
    const line = await gateway.decision("revoked-1");
    expect(line).toMatchObject({ decision: "deny", reason: "token-revoked", issuer: issuer.url });
    expect(JSON.stringify(gateway.logs)).not.toContain("not-to-be-logged");
    expect(upstream.received).toEqual([]);
  });

  it("an entry with the digits of a number does not revoke the token, and one for its client does", async () => {
    const token = await issuer.token({ jti: 7, sub: 7, client_id: "c7" });
    await write(revoke({ tokenId: "7" }), revoke({ subject: "7", notBefore: seconds() }));
    await pause(REFRESH_MS);
    expect(await ask(gateway, token)).toBe("200");
    expect(upstream.received[0]?.headers).toMatchObject({ "x-auth-token-id": "7", "x-auth-subject": "7" });
    upstream.received.length = 0;
    await write(revoke({ client: "c7", notBefore: seconds() }));
    await pause(REFRESH_MS);
    expect(await ask(gateway, token)).toBe("401 token-revoked");
    expect(upstream.received).toEqual([]);
  });

  it("twenty requests at once to a cold isolate all see the list", async () => {
    const token = await issuer.token({ jti: "t3" });
    await write(revoke({ tokenId: "t3" }));
    await gateway.restart();
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(gateway, token)));
    expect(new Set(answers)).toEqual(new Set(["401 token-revoked"]));
    expect(upstream.received).toEqual([]);
  });

  it("a list of 100,000 entries is looked up exactly", async () => {
    const many = Array.from({ length: 100_000 }, (_, index) => revoke({ tokenId: `m${index}` }));
    await write(...many);
    await pause(REFRESH_MS);
    const [last, none] = await Promise.all([issuer.token({ jti: "m99999" }), issuer.token({ jti: "m100000" })]);
    expect([await ask(gateway, last), await ask(gateway, none)]).toEqual(["401 token-revoked", "200"]);
    const ready = await call(gateway.origin, "GET /_gateway/ready");
    expect(jsonOf(ready)["revocations"]).toEqual({ usable: true, ageSeconds: expect.any(Number), entries: 100_000 });
  });
});

/** A namespace that fails on demand. */
const FAULTY_KV: LocalWorker = {
  name: "kv",
  script: `
    import { WorkerEntrypoint } from "cloudflare:workers";
    let script = "none";
    export default class extends WorkerEntrypoint {
      async fetch(request) { script = await request.text(); return new Response(); }
      async get() {
        if (script === "throws") throw new Error("KV GET failed: 500");
        if (script === "hangs") await scheduler.wait(5000);
        if (script === "huge") return "x".repeat(${MAX_REVOCATIONS_BYTES + 1});
        return script === "none" ? null : script;
      }
    }`,
};

describe("while the namespace fails", () => {
  const started: Promise<TestGateway>[] = [];
  const start = (revocation: object): Promise<TestGateway> => {
    const gateway = startGateway({
      policy: policy(revocation),
      bindings: { REVOCATIONS: { type: "worker", worker: "kv" } },
      workers: [FAULTY_KV],
    });
    started.push(gateway);
    return gateway;
  };
  const play = async (gateway: TestGateway, script: string): Promise<void> => {
    await fetch(gateway.urls["kv"] ?? "", { method: "POST", body: script });
  };
  let refusing: TestGateway;
  let serving: TestGateway;

  beforeAll(async () => {
    [refusing, serving] = await Promise.all([start({}), start({ onStale: "serve" })]);
  });
  afterAll(async () => {
    for (const gateway of await Promise.all(started)) await gateway.dispose();
  });

  it.each([
    { name: "it throws", script: "throws", code: "read-failed" },
    { name: "it hangs", script: "hangs", code: "read-timeout" },
    { name: "it has rubbish", script: "rubbish", code: "list-unreadable" },
    { name: "it has half a list", script: '{"version":1,"entries":[{"issuer":"main"', code: "list-unreadable" },
    { name: "it has a list of the future", script: '{"version":2,"entries":[]}', code: "list-unreadable" },
    { name: "it has more than a value of KV", script: "huge", code: "list-unreadable" },
  ])(
    "$name: the old list counts, then nothing does, and a list that can be read again does at once",
    async (fault) => {
      await play(refusing, serializeRevocations([revoke({ tokenId: "old" })]));
      const [revoked, other] = await Promise.all([issuer.token({ jti: "old" }), issuer.token({ jti: "new" })]);
      await eventually("the list", async () =>
        (await ask(refusing, revoked)) === "401 token-revoked" ? true : undefined,
      );
      await play(refusing, fault.script);
      await pause(REFRESH_MS);
      upstream.received.length = 0;
      expect(await ask(refusing, revoked)).toBe("401 token-revoked");
      await pause(1_600);
      const answer = await call(refusing.origin, "GET /me", { token: other });
      expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "1"]);
      expect(jsonOf(answer)["type"]).toBe("https://scopegate.dev/problems/revocations-unavailable");
      expect(upstream.received).toEqual([]);
      expect((await call(refusing.origin, "GET /open")).status).toBe(200);
      const ready = await call(refusing.origin, "GET /_gateway/ready");
      expect([ready.status, jsonOf(ready)["revocations"]]).toEqual([
        503,
        expect.objectContaining({ usable: false, lastError: fault.code }),
      ]);
      await play(refusing, "none");
      await pause(1_100);
      expect(await ask(refusing, revoked)).toBe("200");
    },
    30_000,
  );

  it("with onStale serve the old list counts on", async () => {
    await play(serving, serializeRevocations([revoke({ tokenId: "old" })]));
    const [revoked, other] = await Promise.all([issuer.token({ jti: "old" }), issuer.token({ jti: "new" })]);
    expect(await ask(serving, revoked)).toBe("401 token-revoked");
    await play(serving, "throws");
    await pause(3_000);
    expect([await ask(serving, revoked), await ask(serving, other)]).toEqual(["401 token-revoked", "200"]);
    expect((await call(serving.origin, "GET /_gateway/ready")).status).toBe(200);
    const lines = serving.logs.map(({ message: [line] }) => Object(line));
    expect(lines.flatMap(wrongMembers)).toEqual([]);
    await eventually("the line of the failure", () => {
      const found = serving.logs.some(({ message: [line] }) => Object(line).change === "read-failed");
      return found ? true : undefined;
    });
  }, 30_000);
});

it("without the namespace nothing is served, and the log says why", async () => {
  const gateway = await runGateway(await bundleGateway(policy()));
  try {
    expect(await ask(gateway, await issuer.token())).toBe("500 policy-invalid");
    expect(upstream.received).toEqual([]);
    await gateway.scheduled();
    expect(JSON.stringify(gateway.logs)).toContain("The Worker has no KV namespace `REVOCATIONS`.");
  } finally {
    await gateway.dispose();
  }
});
