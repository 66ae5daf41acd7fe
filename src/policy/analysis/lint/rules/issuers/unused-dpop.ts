import type { Rule } from "../rule.ts";

/** Settings for DPoP proofs although no issuer's tokens may be bound by DPoP: the file looks safer than it is. */
export const unusedDpop: Rule = ({ dpop, issuers }) => {
  const isUsed = issuers.values().some(({ binding }) => binding !== undefined && binding.dpop !== "refused");
  if (dpop === undefined || isUsed) return [];
  return [
    {
      route: undefined,
      path: ["dpop"],
      message: "No issuer accepts tokens that are bound by DPoP.",
      hint: 'Write `"binding": { "dpop": "accepted" }` at an issuer, or remove this member.',
    },
  ];
};
