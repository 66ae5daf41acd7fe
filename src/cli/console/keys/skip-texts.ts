import type { SkipReason } from "../../../keys/jwk/public-jwk.ts";

/** Why a key is skipped, for people. A new reason does not compile until it has a text. */
const SKIP_TEXTS: { readonly [R in SkipReason]: string } = {
  "not-an-object": "The entry is not a JSON object.",
  "kid-missing": "The key has no kid, so no token can name it.",
  "kid-too-long": "The kid has more than 1,024 characters.",
  "kty-unsupported": "The type of key is not supported: RSA, EC and OKP are.",
  "crv-unsupported": "The curve is not supported.",
  symmetric: "The key is symmetric: all who can verify with it can also sign.",
  private: "The issuer has published a private key. Anyone can sign with it: replace it.",
  "use-not-sig": "The key is not for signatures.",
  "key-ops-without-verify": "The key must not be used to verify.",
  "issuer-malformed": "The member that names the key's issuer is not a text.",
  "alg-not-allowed": "The policy does not accept the algorithm of this key.",
  "rsa-malformed": "The RSA key is malformed.",
  "rsa-too-short": "The RSA key has fewer than 2,048 bits.",
  "rsa-too-long": "The RSA key has more than 8,192 bits.",
  "rsa-exponent": "The exponent of the RSA key is not safe.",
  "point-malformed": "The coordinates of the key are malformed.",
  "point-off-curve": "The point is not on its curve.",
  "too-many-keys": "The issuer publishes more keys than the 512 that the gateway imports.",
  "import-failed": "The runtime cannot import the key.",
};

/** The text of a reason; empty for one that this version does not know. */
export function skipText(why: string): string {
  return Object.hasOwn(SKIP_TEXTS, why) ? SKIP_TEXTS[why as SkipReason] : "";
}
