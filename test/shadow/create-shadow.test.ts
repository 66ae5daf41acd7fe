import { beforeAll, describe, expect, it } from "vitest";
import type { BuiltPolicy } from "../../src/policy/compiled/compiled-policy.ts";
import type { ShadowParts } from "../../src/shadow/create-shadow.ts";
import { FakeKeyStore, keySetOf } from "../support/keys/fake-key-store.ts";
import { compiled, policyFileWith } from "../support/policy/policy-file.ts";
import { sendThrough, shadowOf } from "../support/shadow/shadowed-gateway.ts";
import { claimsOf, createSigner, type Signer, signToken } from "../support/token/tokens.ts";

const ISSUER = { issuer: "https://issuer.example", profile: "cognito", algorithms: ["ES256"] };
const enforced = policyFileWith({ issuers: { main: ISSUER }, shadow: "routes.next.json" });
const candidate = policyFileWith({
  issuers: { main: ISSUER },
  routes: [{ path: "/orders", methods: ["GET"], scopes: ["write:orders"], upstream: "orders" }],
});

let signer: Signer;
let token: string;

beforeAll(async () => {
  signer = await createSigner("ES256");
  token = await signToken(
    signer,
    claimsOf({ iss: ISSUER.issuer, token_use: "access", client_id: "web", scope: "https://api.example/read:orders" }),
  );
});

function request(authorization: string | undefined = `Bearer ${token}`): Request {
  return new Request("https://gw.example/orders", { headers: { "x-request-id": "one", authorization } });
}

const keys = () => new FakeKeyStore(keySetOf(signer.key));

describe("a shadow", () => {
  it("logs one line for a request on which the two disagree", async () => {
    const { shadow, lines, failures, built } = await shadowOf(enforced, candidate);
    await sendThrough(compiled(enforced), keys(), request(), shadow);
    expect(failures).toEqual([]);
    expect(lines).toEqual([
      {
        event: "shadow",
        request_id: "one",
        method: "GET",
        issuer: ISSUER.issuer,
        client_id: "web",
        route: "/orders",
        decision: "allow",
        reason: undefined,
        upstream: "orders",
        shadow_route: "/orders",
        shadow_decision: "deny",
        shadow_reason: "scope-insufficient",
        shadow_upstream: undefined,
        shadow_policy: built.shadow?.digest,
      },
    ]);
    expect(JSON.stringify(lines)).not.toContain(token.slice(0, 20));
  });

  it("logs nothing where the two agree", async () => {
    const { shadow, lines, failures } = await shadowOf(enforced, policyFileWith({ issuers: { main: ISSUER } }));
    for (const authorization of [undefined, "Bearer x", "Basic x"]) {
      await sendThrough(compiled(enforced), keys(), request(authorization), shadow);
    }
    expect([lines, failures]).toEqual([[], []]);
  });

  it("does not ask for keys", async () => {
    const { shadow } = await shadowOf(enforced, candidate);
    const [alone, shadowed] = [keys(), keys()];
    await sendThrough(compiled(enforced), alone, request());
    await sendThrough(compiled(enforced), shadowed, request(), shadow);
    expect(shadowed.asked).toEqual(alone.asked);
  });
});

/** Throws at the `nth` look at any part of the candidate, from 0. */
function throwingAt(nth: number): { readonly change: (built: BuiltPolicy) => BuiltPolicy; hasThrown: boolean } {
  let looks = 0;
  const state = { hasThrown: false, change: (built: BuiltPolicy) => ({ ...built, shadow: watched(built.shadow) }) };
  const watched = <Value>(value: Value): Value => {
    if (typeof value !== "object" || value === null) return value;
    return new Proxy(value, {
      get(target, name, receiver) {
        if (looks++ === nth) {
          state.hasThrown = true;
          throw new Error("the candidate has a bug");
        }
        const found: unknown = Reflect.get(target, name, receiver);
        return typeof found === "function" ? found : watched(found);
      },
    });
  };
  return state;
}

describe("a shadow that fails", () => {
  const damaged = (part: object) => (built: BuiltPolicy) =>
    ({
      ...built,
      shadow: { ...built.shadow, candidate: { ...built.shadow?.candidate, ...part } },
    }) as unknown as BuiltPolicy;
  const unknownKind = { values: [{ kind: "novel" }], indices: [0] };
  const throwing = (): never => {
    throw new Error("the log fails");
  };
  const cases: readonly {
    readonly name: string;
    readonly change?: (built: BuiltPolicy) => BuiltPolicy;
    readonly parts?: Partial<ShadowParts>;
    readonly message: string;
  }[] = [
    {
      name: "because the build had no candidate",
      change: ({ shadow, ...built }) => ({ ...built, ...(shadow && { shadow: { file: shadow.file } }) }),
      message: "The policy was built without routes.next.json.",
    },
    {
      name: "because a var of the candidate is missing",
      change: damaged({ hosts: ["$" + "{HOST}"] }),
      message: "routes.next.json: $.hosts[0]: The variable `HOST` is not set.",
    },
    {
      name: "at the start",
      change: damaged({ scopes: undefined }),
      message: "TypeError",
    },
    {
      name: "at a request, because a route is damaged",
      change: damaged({ routes: { paths: ["/orders"], methods: { values: [], indices: [] } } }),
      message: "TypeError",
    },
    {
      name: "at a request, because of a requirement that nobody knows",
      change: (built) => damaged({ routes: { ...built.shadow?.candidate?.routes, requirements: unknownKind } })(built),
      message: "Error: requirement of unknown kind",
    },
    { name: "because its log throws", parts: { log: throwing }, message: "Error: the log fails" },
  ];

  it.each(cases)("$name changes no answer, and says so once", async ({ change, parts, message }) => {
    const { shadow, lines, failures } = await shadowOf(enforced, candidate, change, parts);
    for (const authorization of [undefined, undefined, "Bearer x"]) {
      const alone = await sendThrough(compiled(enforced), keys(), request(authorization));
      const shadowed = await sendThrough(compiled(enforced), keys(), request(authorization), shadow);
      expect([shadowed.answer, shadowed.reached]).toEqual([alone.answer, alone.reached]);
    }
    expect(lines).toEqual([]);
    expect(failures).toEqual([{ event: "shadow-failed", message: expect.stringContaining(message) }]);
  });

  it("changes no answer where the log of failures throws, too", async () => {
    const parts = { log: throwing, logFailure: throwing };
    const { shadow } = await shadowOf(enforced, candidate, undefined, parts);
    const { line } = await sendThrough(compiled(enforced), keys(), request(), shadow);
    expect(line).toMatchObject({ decision: "allow", status: 200 });
  });

  it("changes no answer where what it throws is no text", async () => {
    const log = (): never => {
      throw Object.create(null);
    };
    const { shadow } = await shadowOf(enforced, candidate, undefined, { log });
    const { line } = await sendThrough(compiled(enforced), keys(), request(), shadow);
    expect(line).toMatchObject({ decision: "allow", status: 200 });
  });

  it("changes no answer at any step at which it throws", async () => {
    const alone = await sendThrough(compiled(enforced), keys(), request());
    let steps = 0;
    for (let nth = 0; ; nth += 1) {
      const state = throwingAt(nth);
      const { shadow, failures, lines } = await shadowOf(enforced, candidate, state.change);
      const shadowed = await sendThrough(compiled(enforced), keys(), request(), shadow);
      expect([shadowed.answer, shadowed.reached]).toEqual([alone.answer, alone.reached]);
      if (!state.hasThrown) break;
      steps += 1;
      expect([nth, failures.length + lines.length]).toEqual([nth, 1]);
    }
    expect(steps).toBeGreaterThan(50);
  });
});
