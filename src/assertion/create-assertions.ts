import { Denial } from "../answer/denial.ts";
import type { Fault } from "../policy/fault.ts";
import type { Route } from "../policy/policy.ts";
import type { AssertionSettings } from "../policy/upstream.ts";
import type { Admission } from "../token/admit.ts";
import { assertionClaims, type BoundRequest } from "./assertion-claims.ts";
import { unusableKeys } from "./assertion-faults.ts";
import { KeptAssertions } from "./kept-assertions.ts";
import { createKeySource, type KeySourceIo } from "./key-source.ts";
import { querySha256, signAssertion } from "./sign.ts";
import type { PublishedJwk, SigningKeys } from "./signing-keys.ts";

/** A permitted request that goes to an upstream with `assertion`. */
export interface PermittedCall {
  readonly method: string;
  readonly route: Route;
  readonly requestId: string;
  /** The path for the upstream, without the path of its URL. May be empty. */
  readonly path: string;
  /** As it stands in the caller's URL, with its `?`. */
  readonly query: string;
}

/**
 * The assertion about a caller with a verified token, or why the request must not be sent: never is one left out.
 * Returns a promise only if there is something to wait for.
 */
export type AssertCaller = (token: Admission, call: PermittedCall) => string | Denial | Promise<string | Denial>;

/** The assertions of one Worker. */
export interface Assertions {
  readonly assertCaller: AssertCaller;
  /** The keys that upstreams verify with. */
  readonly publicKeys: () => Promise<readonly PublishedJwk[] | Denial>;
  /**
   * Whether the keys of a Worker secret can sign, which only the crypto layer knows; `undefined`: they can. A Secrets
   * Store is not read.
   */
  readonly keyFault: () => Promise<Fault | undefined> | undefined;
}

/**
 * Makes the assertions of a policy. Without `bind`, a signature serves one token, method and route for half a lifetime,
 * so that each assertion is valid for at least the other half when it arrives. With `bind`, every request has its own.
 */
export function createAssertions(
  settings: AssertionSettings,
  bindings: Readonly<Record<string, unknown>>,
  io: KeySourceIo,
): Assertions {
  const source = createKeySource(settings, bindings, io);
  const kept = new KeptAssertions((settings.ttlSeconds * 1000) / 2);
  const { bindsRequest } = settings;

  const sign = async (token: Admission, call: PermittedCall, name: string, ready: SigningKeys | undefined) => {
    const keys = ready ?? (await source.load());
    if (keys instanceof Denial) return keys;
    const issuedAtSeconds = Math.floor(io.now() / 1000);
    const claims = assertionClaims(settings, token, {
      method: call.method,
      route: call.route,
      // Requests that share an assertion share no request id.
      transaction: bindsRequest ? call.requestId : crypto.randomUUID(),
      issuedAtSeconds,
      bound: bindsRequest ? await boundRequest(call) : undefined,
    });
    if (claims instanceof Denial) return claims;
    const text = await signAssertion(claims, keys);
    if (!bindsRequest) kept.set(token, name, { text, keys, issuedAtMs: issuedAtSeconds * 1000 });
    return text;
  };

  return {
    assertCaller(token, call) {
      const keys = source.current();
      if (bindsRequest) return sign(token, call, "", keys);
      const name = `${call.route.index} ${call.method}`;
      return (keys && kept.get(token, name, keys, io.now())) ?? sign(token, call, name, keys);
    },
    async publicKeys() {
      const keys = source.current() ?? (await source.load());
      return keys instanceof Denial ? keys : keys.published;
    },
    keyFault() {
      if (typeof bindings[settings.secret] !== "string" || source.current() !== undefined) return undefined;
      return source
        .load()
        .then((keys) => (keys instanceof Denial ? unusableKeys(settings.secret, keys.detail ?? "") : undefined));
    },
  };
}

/** What binds an assertion to a request. */
export async function boundRequest({
  route: { upstream },
  path,
  query,
}: Pick<PermittedCall, "route" | "path" | "query">): Promise<BoundRequest> {
  const prefix = upstream.kind === "url" ? upstream.pathPrefix : "";
  return { path: prefix + path || "/", querySha256: await querySha256(query), id: crypto.randomUUID() };
}
