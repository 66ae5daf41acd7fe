import { createGateway } from "../../../src/gateway.ts";
import { createKeyStore } from "../../../src/keys/key-store.ts";
import { compilePolicy } from "../../../src/policy/compile/compile-policy.ts";
import { decide } from "../../../src/testing/decide-request.ts";
import { createAuthenticator } from "../../../src/token/authenticate.ts";
import type { ShownToken } from "./shown-recipes.ts";

/** The time of all calls: a second after the guide's tokens were issued. */
const NOW_MS = 1_800_000_001_000;

/** How a call of a recipe's gateway ended. */
export interface RecipeAnswer {
  /** The status, and the reason of a refusal: `200`, `401 client-mismatch`. */
  readonly outcome: string;
  /** `x-auth-scopes` as the upstream got it; `undefined` if the upstream got no call. */
  readonly scopes: readonly string[] | undefined;
}

/**
 * The gateway's own code with a policy of the guide, a key set of its issuer, and an upstream that serves everything.
 */
export interface RecipeGateway {
  /** Sends a token that was signed already. */
  call(method: string, token: string): Promise<RecipeAnswer>;
  /** What `decide` says of the same call, as `RecipeAnswer.outcome`. It does not look at keys. */
  decide(method: string, token: string): Promise<string>;
}

/**
 * @param policy the policy as the guide shows it
 * @param keySets what the issuer publishes, by address; every other address is a 404
 */
export function recipeGateway(
  policy: Readonly<Record<string, unknown>>,
  keySets: Readonly<Record<string, { readonly keys: readonly object[] }>>,
): RecipeGateway {
  const compiled = compilePolicy(policy, {});
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.failure, null, 2));
  const keys = createKeyStore({
    issuers: compiled.value.issuers.values(),
    kv: { get: async () => null, put: async () => {} },
    fetch: async (url) =>
      Object.hasOwn(keySets, url) ? Response.json(keySets[url]) : new Response(null, { status: 404 }),
    now: () => NOW_MS,
    sleep: () => new Promise(() => {}),
    log: () => {},
  });
  const policyOf = compiled.value;
  let forwarded: Request | undefined;
  const serve = createGateway({
    policy: compiled.value,
    log: () => {},
    version: undefined,
    now: () => NOW_MS,
    authenticate: createAuthenticator({ policy: compiled.value, keys, now: () => NOW_MS }),
    serveEndpoint: (exchange) => exchange.answer(new Response("own")),
    setOwnHeaders: () => undefined,
    limitPauses: (response) => response,
    fetcherOf: () => async (input, init) => {
      forwarded = new Request(input, init);
      // Node has no such member, and the gateway would take its absence for an upgrade.
      return Object.assign(new Response("served"), { webSocket: null });
    },
  });
  return {
    async decide(method, token) {
      const { outcome, status, reason } = await decide(policyOf, { method, path: "/orders", token, now: NOW_MS });
      return outcome === "forwarded" ? "200" : `${status} ${reason}`;
    },
    async call(method, token) {
      forwarded = undefined;
      const request = new Request("https://gw.example/orders", {
        method,
        headers: { authorization: `Bearer ${token}` },
      });
      const response = await serve(request, () => {});
      const problem = response.ok ? undefined : ((await response.json()) as { readonly type: string });
      const scopes: string | null | undefined = (forwarded as Request | undefined)?.headers.get("x-auth-scopes");
      return {
        outcome: problem ? `${response.status} ${problem.type.split("/").at(-1)}` : String(response.status),
        scopes: forwarded && (scopes?.split(" ") ?? []),
      };
    },
  };
}

/** A copy of a token with other members; those that are `undefined` are left out. */
export function changed({ header, claims }: ShownToken, changes: Partial<ShownToken>): ShownToken {
  return { header: { ...header, ...changes.header }, claims: { ...claims, ...changes.claims } };
}
