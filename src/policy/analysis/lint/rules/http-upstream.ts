import type { Rule } from "./rule.ts";

/**
 * Upstreams without TLS, except those behind a binding. The compiler allows them on loopback only, so a deployed Worker
 * cannot reach them.
 */
export const httpUpstream: Rule = ({ upstreams }) =>
  Array.from(upstreams.values())
    .filter((upstream) => upstream.kind === "url" && upstream.via === undefined && upstream.origin.startsWith("http:"))
    .map(({ name }) => ({
      route: undefined,
      path: ["upstreams", name, "url"],
      message: "This upstream is reached by http, on loopback.",
      hint: "Use this for a local stack only. Set the https address wherever the Worker is deployed.",
      group: { cause: "", name: `\`${name}\`` },
    }));
