import type { WranglerSettings } from "./read-environments.ts";

/** A rate limiting binding of wrangler's file. */
export interface BoundRateLimit {
  readonly name?: unknown;
  readonly namespace_id?: string;
  readonly simple?: { readonly limit?: unknown; readonly period?: unknown };
  /** Its place below the environment. */
  readonly path: readonly (string | number)[];
}

/**
 * The rate limiting bindings of an environment: those of `ratelimits`, and those of `unsafe.bindings` with the type
 * `ratelimit`, which older files have.
 */
export function boundRateLimits({ ratelimits = [], unsafe }: WranglerSettings): readonly BoundRateLimit[] {
  const others = unsafe?.["bindings"];
  return [
    ...ratelimits.map((it, index) => ({ ...it, path: ["ratelimits", index] })),
    ...(Array.isArray(others) ? others : []).flatMap((it: unknown, index) => {
      if (Reflect.get(Object(it), "type") !== "ratelimit") return [];
      const {
        name,
        namespace_id: id,
        simple,
      } = Object(it) as Partial<Record<"name" | "namespace_id" | "simple", unknown>>;
      // Wrangler does not check these, and some files have a number here.
      const known = typeof id === "string" || typeof id === "number" ? { namespace_id: String(id) } : {};
      return { name, ...known, simple: Object(simple) as object, path: ["unsafe", "bindings", index] };
    }),
  ];
}
