import type { Rule } from "./rule.ts";

/** Upstreams that no route goes to. */
export const unusedUpstream: Rule = ({ upstreams, routes }) => {
  const used = new Set(routes.map(({ upstream }) => upstream.name));
  return Array.from(upstreams.keys())
    .filter((name) => !used.has(name))
    .map((name) => ({
      route: undefined,
      path: ["upstreams", name],
      message: "No route goes to this upstream.",
      hint: "Remove it, or add the missing route.",
      group: { cause: "", name: `\`${name}\`` },
    }));
};
