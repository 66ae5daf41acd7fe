import { compilePolicy } from "../../../src/policy/compile/compile-policy.ts";
import { formatFault } from "../../../src/policy/fault.ts";
import type { Policy } from "../../../src/policy/policy.ts";

/** The smallest file that has one of everything a route needs. Each call makes a new one. */
export function policyFile() {
  return {
    issuers: { main: { issuer: "https://issuer.example", profile: "cognito" } },
    resourceServers: {
      "https://api.example": { scopes: { "read:orders": "Read orders", "write:orders": "Write orders" } },
    },
    upstreams: { orders: { url: "https://orders.example" } },
    routes: [{ path: "/orders", methods: ["GET"], scopes: ["read:orders"], upstream: "orders" }],
  };
}

/** `policyFile` with some of its members replaced. */
export function policyFileWith(members: Record<string, unknown>) {
  return { ...policyFile(), ...members };
}

/** `policyFile` whose only route has these members instead of its own. */
export function policyFileWithRoute(members: Record<string, unknown>) {
  return policyFileWith({ routes: [{ path: "/orders", methods: ["GET"], upstream: "orders", ...members }] });
}

/** The policy of a file that must compile. */
export function compiled(file: unknown, vars: Record<string, unknown> = {}): Policy {
  const result = compilePolicy(file, vars);
  if (!result.ok) throw new Error(result.failure.map(formatFault).join("\n"));
  return result.value;
}

/**
 * Every fault of a file as it is shown to people; none when it compiles. One that says nothing, or not what to do,
 * throws.
 */
export function faultsOf(file: unknown, vars: Record<string, unknown> = {}): string[] {
  const result = compilePolicy(file, vars);
  if (result.ok) return [];
  for (const { path, message, hint } of result.failure) {
    if (message === "" || hint === "") throw new Error(`The fault at ${path.join(".")} lacks a message or a hint.`);
  }
  return result.failure.map(formatFault);
}
