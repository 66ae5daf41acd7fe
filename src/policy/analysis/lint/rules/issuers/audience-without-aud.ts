import { claimText } from "../../../../claim-path.ts";
import { issuersInUse } from "../../../issuers-in-use.ts";
import type { Rule } from "../rule.ts";

/**
 * Issuers of the profile `generic` whose `audienceClaims` do not name `aud`. Their ID tokens have the same keys, and
 * often the same value in the claim that is compared. The profiles with checks of their own keep ID tokens out in
 * another way.
 */
export const audienceWithoutAud: Rule = (policy) =>
  issuersInUse(policy)
    .filter(
      ({ profile, audienceClaims }) => profile === "generic" && !audienceClaims.some((it) => claimText(it) === "aud"),
    )
    .map(({ name, audienceClaims }) => ({
      route: undefined,
      path: ["issuers", name, "audienceClaims"],
      message: `Nothing keeps ID tokens out except \`typ\` and ${audienceClaims.map((it) => `\`${claimText(it)}\``).join(", ")}.`,
      hint: 'Let the issuer add an `aud` for this API, and list "aud" here. Or make sure that its ID tokens have another value in these claims.',
    }));
