import fc from "fast-check";
import { randomPolicyPair } from "./random-policy.ts";

/** Members that decide beside the routes. The host of most requests is `gw.example`. */
const members = fc.record(
  {
    hosts: fc.constantFrom(["gw.example"], ["other.example"], ["gw.example", "other.example"]),
    cors: fc.constant({ origins: ["https://app.example"] }),
  },
  { requiredKeys: [] },
);

/** A policy and a candidate for the next one, as parsed files with the same issuers. */
export const judgedPair = fc
  .tuple(randomPolicyPair, members, members)
  .map(([{ before, after }, ofEnforced, ofCandidate]) => ({
    enforced: { ...before, ...ofEnforced, shadow: "routes.next.json" },
    candidate: { ...after, ...ofCandidate, issuers: before.issuers },
  }));
