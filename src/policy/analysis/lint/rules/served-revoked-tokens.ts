import type { Rule } from "./rule.ts";

/** A policy that accepts tokens although it cannot know whether they are revoked. */
export const servedRevokedTokens: Rule = ({ revocation }) =>
  revocation?.onStale === "serve"
    ? [
        {
          route: undefined,
          path: ["revocation", "onStale"],
          message:
            "While the list of revocations cannot be read, revoked tokens may be accepted, however old the list is.",
          hint: 'Set "refuse", unless being reachable matters more than revocation.',
        },
      ]
    : [];
