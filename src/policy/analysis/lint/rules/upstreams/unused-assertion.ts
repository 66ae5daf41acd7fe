import type { Rule } from "../rule.ts";

/**
 * Assertions that no request carries: no upstream asks for them, or an upstream asks that has public routes only. It
 * could then be called with any `x-auth-` header, although the file looks as if it verified its callers.
 */
export const unusedAssertion: Rule = ({ assertion, upstreams, routes }) => {
  const asking = [...upstreams.values()].filter((upstream) => upstream.assertion);
  if (assertion !== undefined && asking.length === 0) {
    return [
      {
        route: undefined,
        path: ["assertion"],
        message: "No upstream gets assertions.",
        hint: 'Write `"assertion": true` at the upstreams that verify them, or remove this member.',
      },
    ];
  }
  return asking.flatMap(({ name }) => {
    const reaching = routes.filter(({ upstream }) => upstream.name === name);
    if (reaching.length === 0 || reaching.some(({ requirement }) => requirement.kind !== "public")) return [];
    return [
      {
        route: undefined,
        path: ["upstreams", name, "assertion"],
        message: "All routes to this upstream are public, so no request to it carries an assertion.",
        hint: "Require a token on its routes, or remove this member.",
      },
    ];
  });
};
