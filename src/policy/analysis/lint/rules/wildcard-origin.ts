import type { Rule } from "./rule.ts";

/**
 * CORS origins with a `*` where browsers may send credentials. Any host one label below can then use a visitor's
 * cookies, also one that was taken over or that somebody else may register.
 */
export const wildcardOrigin: Rule = ({ cors }) => {
  if (cors === undefined || cors.origins === "*" || !cors.credentials) return [];
  return Array.from(cors.origins.wildcard, (origin) => ({
    route: undefined,
    path: ["cors", "origins"],
    message: `Pages from every host of \`${origin}\` may call the API with a visitor's cookies.`,
    hint: "List the origins exactly, or leave out `credentials`: requests with a bearer token do not need it.",
  }));
};
