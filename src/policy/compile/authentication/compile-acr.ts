import type { Fault, Report } from "../../fault.ts";

/** The characters that need no escape in a space-separated list and in a quoted string. */
const PLAIN = /^[!#-[\]-~]+$/;

/**
 * A list of authentication context classes, in the order of the file. Reports a value that a challenge cannot hold
 * (RFC 9470 3: `acr_values` is a quoted string, separated by spaces) and one that is listed twice. Faulty values are
 * left out.
 */
export function compileAcr(
  written: readonly (string | undefined)[],
  path: Fault["path"],
  report: Report,
): readonly string[] {
  const values = new Set<string>();
  for (const [index, value] of written.entries()) {
    if (value === undefined) continue;
    if (!PLAIN.test(value)) {
      report(
        [...path, index],
        "A class of authentication has only printable ASCII, without blanks, quotes and backslashes.",
        'Write it as the issuer does, such as "urn:example:mfa". Each item of the list is one class.',
      );
    } else if (values.has(value)) report([...path, index], "This class is already listed.", "Remove it.");
    else values.add(value);
  }
  return [...values];
}
