/**
 * Whether a text can be the value of a header as it is (RFC 9110 5.5): printable ASCII, not empty, and without a space
 * at either end, which recipients drop. A line break would begin another header.
 */
export function isOwnHeaderValue(text: string): boolean {
  return /^[!-~](?:[ -~]*[!-~])?$/.test(text);
}
