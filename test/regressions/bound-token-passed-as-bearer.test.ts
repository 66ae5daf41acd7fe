import { expect, it } from "vitest";
import { createAuthenticator } from "../../src/token/authenticate.ts";
import { FakeKeyStore, keySetOf } from "../support/keys/fake-key-store.ts";
import { issuerOf, policyOf } from "../support/policy/example-policy.ts";
import { outcomeOf } from "../support/token/outcome.ts";
import { presentedOf } from "../support/token/presented.ts";
import { claimsOf, createSigner, NOW_MS, signToken } from "../support/token/tokens.ts";

/** The gateway did not read `cnf`, so a thief could use a token that was bound to its sender. */
it.each([{ jkt: "x" }, { "x5t#S256": "x" }, null])(
  "a token with the cnf %j is refused, also the second time",
  async (cnf) => {
    const signer = await createSigner("ES256");
    const authenticate = createAuthenticator({
      policy: policyOf([issuerOf({ algorithms: new Set(["ES256"]) })]),
      keys: new FakeKeyStore(keySetOf(signer.key)),
      now: () => NOW_MS,
    });
    const present = async (changes = {}) =>
      outcomeOf(await authenticate(`Bearer ${await signToken(signer, claimsOf(changes))}`, presentedOf(), () => {}));
    expect(await present()).toBe("accepted");
    expect(await present({ cnf })).toBe("token-binding-unsupported");
    expect(await present({ cnf })).toBe("token-binding-unsupported");
  },
);
