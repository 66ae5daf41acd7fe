/** The client of `examples/dpop` against the built Worker, with an issuer that signs what it is asked to sign. */
import { execFile } from "node:child_process";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { fullName, gatewayPolicy } from "../../support/e2e/gateway-policy.ts";
import { startGateway, type TestGateway } from "../../support/e2e/test-gateway.ts";
import { startIssuer, type TestIssuer } from "../../support/e2e/test-issuer.ts";
import { startServer, type TestServer } from "../../support/e2e/test-server.ts";
import { startUpstream, type TestUpstream } from "../../support/e2e/test-upstream.ts";
import { ROOT } from "../../support/project/project-files.ts";

const run = promisify(execFile);

let issuer: TestIssuer;
let signer: TestServer;
let upstream: TestUpstream;
const gateways: TestGateway[] = [];

beforeAll(async () => {
  [issuer, upstream] = await Promise.all([startIssuer(), startUpstream()]);
  signer = await startServer(async (request, response) => {
    const claims = JSON.parse(await text(request));
    response.end(JSON.stringify({ access_token: await issuer.token({ ...claims, iss: issuer.url }) }));
  });
}, 120_000);

afterAll(async () => {
  await Promise.all([...gateways.map((it) => it.dispose()), upstream?.stop(), issuer?.stop(), signer?.stop()]);
});

/** An address of this machine at which nothing listens. */
async function freeAddress(): Promise<string> {
  const server = await startServer((_request, response) => response.end());
  await server.stop();
  return server.origin;
}

it.each([
  { name: "the issuer", addresses: (free: string) => ({ ISSUER: free }) },
  { name: "the gateway", addresses: (free: string) => ({ ISSUER: signer.origin, GATEWAY: free }) },
])("the example says in one sentence that $name does not run", async ({ addresses }) => {
  const free = await freeAddress();
  const env = { ...process.env, ...addresses(free) };
  await expect(run(process.execPath, ["examples/dpop/call.mjs"], { cwd: ROOT, env })).rejects.toMatchObject({
    code: 1,
    stdout: "",
    stderr: `Nothing answers at ${free}. Run "npm run dev" in another terminal.\n`,
  });
});

it.each([
  {
    name: "without nonces",
    dpop: {},
    expected: ["with a proof: 200"],
  },
  {
    name: "with nonces",
    dpop: { nonce: { secret: "DPOP_NONCE_KEY" } },
    expected: ["with a proof: 401 dpop-nonce-required", "with a proof that has the nonce: 200"],
  },
])("the example gets one answer by each proof, and none without: $name", async ({ dpop, expected }) => {
  const binding = { dpop: "accepted" };
  const gateway = await startGateway({
    policy: gatewayPolicy(issuer, upstream, {
      dpop,
      issuers: { cognito: { issuer: issuer.url, profile: "cognito", algorithms: ["ES256"], binding } },
      routes: [{ path: "/products", methods: ["GET"], scopes: [fullName("read:products")], upstream: "echo" }],
    }),
    vars: { DPOP_NONCE_KEY: "0123456789abcdef0123456789abcdef" },
  });
  gateways.push(gateway);
  upstream.received.length = 0;
  const env = { ...process.env, GATEWAY: gateway.origin, ISSUER: signer.origin };
  const { stdout } = await run(process.execPath, ["examples/dpop/call.mjs"], { cwd: ROOT, env });
  expect(stdout.trim().split("\n")).toEqual([
    ...expected,
    "with the same proof again: 401 dpop-proof-invalid",
    "as a bearer token: 401 token-binding-mismatch",
  ]);
  expect(upstream.received).toHaveLength(1);
});
