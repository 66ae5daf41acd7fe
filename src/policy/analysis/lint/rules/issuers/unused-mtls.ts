import type { Rule } from "../rule.ts";

/**
 * Settings for client certificates although no issuer's tokens may be bound to one: the file looks safer than it is.
 */
export const unusedMtls: Rule = ({ mtls, issuers }) => {
  const isUsed = issuers.values().some(({ binding }) => binding !== undefined && binding.mtls !== "refused");
  if (mtls === undefined || isUsed) return [];
  return [
    {
      route: undefined,
      path: ["mtls"],
      message: "No issuer accepts tokens that are bound to a client certificate.",
      hint: 'Write `"binding": { "mtls": "accepted" }` at an issuer, or remove this member.',
    },
  ];
};
