const P = 2n ** 255n - 19n;
/** The curve's constant d = -121665/121666 (RFC 8032 5.1). */
const D = 37095705934669439343138083508754565189542113879843219016388785533085940283555n;

/**
 * Whether 32 bytes encode a point of edwards25519 (RFC 8032 5.1.3) that can serve as a public key.
 *
 * Neither workerd nor Node checks this on import. A point off the curve verifies nothing. With a point of small order,
 * such as the all-zero key, anyone can make signatures, so it is refused.
 */
export function isEd25519PublicKey(bytes: Uint8Array): boolean {
  if (bytes.length !== 32) return false;
  const encoded = bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const y = encoded & (2n ** 255n - 1n);
  if (y >= P) return false;
  const yy = (y * y) % P;
  // x² = (y² - 1) / (d y² + 1): y is on the curve if this is a square, which is so if numerator times denominator is.
  const product = ((yy - 1n + P) * (D * yy + 1n)) % P;
  if (product !== 0n && power(product, (P - 1n) / 2n) !== 1n) return false;
  // Small orders: 1 and 2 have y = ±1, 4 has y = 0, and twice a point of order 8 has y = 0, so that d y⁴ + 2 y² = 1.
  return product !== 0n && y !== 0n && (D * yy * yy + 2n * yy) % P !== 1n;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let square = base, rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % P;
    square = (square * square) % P;
  }
  return result;
}
