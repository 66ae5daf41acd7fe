/** A policy with a `shadow` on workerd, as it is built: the answers, and what the candidate has to say. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scratchDirectory } from "../../support/cli/run-scopegate.ts";
import { type BuiltGateway, startBuiltGateway } from "../../support/e2e/built-gateway.ts";
import { call } from "../../support/e2e/call.ts";
import { fullName, gatewayPolicy, variable } from "../../support/e2e/gateway-policy.ts";
import { startIssuer, type TestIssuer } from "../../support/e2e/test-issuer.ts";
import { startUpstream, type TestUpstream } from "../../support/e2e/test-upstream.ts";
import { eventually } from "../../support/e2e/wait.ts";
import { wrongMembers } from "../../support/log/log-form.ts";

const scratch = scratchDirectory();
let issuer: TestIssuer;
let upstream: TestUpstream;
/** One without a shadow, one with a candidate, and one whose candidate lacks a var of the Worker. */
let gateways: Readonly<Record<"plain" | "shadowed" | "failing", BuiltGateway>>;

beforeAll(async () => {
  [issuer, upstream] = await Promise.all([startIssuer(), startUpstream()]);
  const enforced = gatewayPolicy(issuer, upstream);
  const candidate = gatewayPolicy(issuer, upstream, {
    routes: [
      { path: "/products", methods: ["GET"], scopes: { allOf: ["read:products", "read:orders"] }, upstream: "echo" },
      { path: "/me", methods: ["GET"], authenticated: true, upstream: "echo" },
      { path: "/open", methods: ["*"], authenticated: true, upstream: "echo" },
      { path: "/new/*", methods: ["GET"], public: true, upstream: "echo" },
    ],
  });
  const start = (next: object | undefined) => {
    const folder = scratch.folder();
    if (next !== undefined) folder.write("routes.next.json", next);
    return startBuiltGateway(folder.write("routes.json", { ...enforced, ...(next && { shadow: "routes.next.json" }) }));
  };
  gateways = {
    plain: await start(undefined),
    shadowed: await start(candidate),
    failing: await start({ ...candidate, hosts: [variable("NOWHERE")] }),
  };
});

afterAll(async () => {
  for (const gateway of Object.values(gateways ?? {})) await gateway[Symbol.asyncDispose]();
  await Promise.all([issuer?.stop(), upstream?.stop()]);
});

const REQUESTS = [
  { id: "lacks-a-scope", request: "GET /products", scope: fullName("read:products") },
  {
    id: "has-both-scopes",
    request: "GET /products",
    scope: `${fullName("read:products")} ${fullName("read:orders")}`,
  },
  { id: "gone", request: "POST /products", scope: fullName("write:products"), body: "an order" },
  { id: "no-token", request: "GET /me" },
  { id: "not-read", request: "POST /open", scope: "", body: "the body" },
  { id: "not-sent", request: "GET /open" },
  { id: "new", request: "GET /new/one" },
  { id: "ambiguous", request: "GET /products//1" },
  { id: "own-endpoint", request: "GET /_gateway/health" },
];

/** What differs from request to request: when it was answered, and how it is traced. */
const OWN_LINES = /^(?:date|traceparent)$/;

async function answersOf({ origin }: BuiltGateway) {
  upstream.received.length = 0;
  const answers: unknown[] = [];
  for (const { id, request, scope, body } of REQUESTS) {
    const token = scope === undefined ? undefined : await tokenOf(scope);
    const options = { headers: { "x-request-id": id }, ...(token && { token }), ...(body && { body }) };
    const { status, headers, body: text } = await call(origin, request, options);
    const own = Object.entries(headers).filter(([name]) => !OWN_LINES.test(name));
    answers.push([
      id,
      status,
      own,
      text.replaceAll(new URL(origin).host, "").replace(/00-[0-9a-f]{32}-[0-9a-f]{16}-01/g, ""),
    ]);
  }
  return { answers, calls: upstream.received.length };
}

const tokens = new Map<string, string>();
async function tokenOf(scope: string): Promise<string> {
  const token = tokens.get(scope) ?? (await issuer.token({ scope }));
  tokens.set(scope, token);
  return token;
}

function linesOf({ logs }: BuiltGateway, event: string): readonly Readonly<Record<string, unknown>>[] {
  return logs.flatMap(({ message: [line] }) => {
    const fields: Readonly<Record<string, unknown>> = Object(line);
    return fields["event"] === event ? [fields] : [];
  });
}

describe("a built Worker with a shadow", () => {
  it("answers byte for byte as without, and so does one whose candidate fails", async () => {
    const plain = await answersOf(gateways.plain);
    expect(plain.calls).toBe(5);
    expect(await answersOf(gateways.shadowed)).toEqual(plain);
    expect(await answersOf(gateways.failing)).toEqual(plain);
  });

  it("logs where the candidate disagrees, in the documented form, and nothing else", async () => {
    const lines = await eventually("the lines of the shadow", () => {
      const found = linesOf(gateways.shadowed, "shadow");
      return linesOf(gateways.shadowed, "decision").length < REQUESTS.length ? undefined : found;
    });
    expect(
      lines.map((line) => [line["request_id"], line["decision"], line["shadow_decision"], line["shadow_reason"]]),
    ).toEqual([
      ["lacks-a-scope", "allow", "deny", "scope-insufficient"],
      ["gone", "allow", "deny", "method-not-allowed"],
      ["not-read", "allow", "unknown", undefined],
      ["not-sent", "allow", "deny", "credentials-missing"],
      ["new", "deny", "allow", undefined],
    ]);
    expect(lines.flatMap(wrongMembers)).toEqual([]);
    expect(linesOf(gateways.shadowed, "shadow-failed")).toEqual([]);
  });

  it("says once that its candidate cannot judge", async () => {
    const failed = await eventually("the line of the candidate", () => {
      const found = linesOf(gateways.failing, "shadow-failed");
      return found.length === 0 ? undefined : found;
    });
    expect(failed).toMatchObject([{ message: expect.stringContaining("The variable `NOWHERE` is not set.") }]);
    expect(failed.flatMap(wrongMembers)).toEqual([]);
    expect(linesOf(gateways.failing, "shadow")).toEqual([]);
  });
});
