/** How the demo's gateway asserts its callers. The stack makes the key. */
const ASSERTION = {
  issuer: "https://api.myecommerce.com",
  trustDomain: "internal.myecommerce.com",
  keys: { secret: "ASSERTION_KEYS" },
  bind: "request",
};

/**
 * The policy of the running example with assertions for the order service. The file itself has none, because it would
 * not be served without a secret.
 */
export function withAssertion(config: unknown): unknown {
  const { upstreams, ...rest } = Object(config);
  return {
    ...rest,
    assertion: ASSERTION,
    upstreams: { ...upstreams, orders: { ...upstreams.orders, assertion: true } },
  };
}
