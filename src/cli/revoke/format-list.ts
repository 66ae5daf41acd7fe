import { type RevocationEntry, type RevocationKind, revokedBy } from "../../revocations/revocation-value.ts";
import { counted, formatColumns } from "../output.ts";

/** How people call a kind of entry: as the option. */
const NAMES: Readonly<Record<RevocationKind, string>> = {
  tokenId: "token id",
  session: "session",
  subject: "subject",
  client: "client",
};

/**
 * The list as a table.
 *
 * @param issuers names of the issuers that the policy has: entries of others count for nothing
 */
export function formatList(entries: readonly RevocationEntry[], issuers: readonly string[]): readonly string[] {
  if (entries.length === 0) return ["Nothing is revoked."];
  const rows = entries.map((entry) => {
    const { kind, value } = revokedBy(entry);
    const start = "notBefore" in entry ? `issued until ${timeText(entry.notBefore)}` : "";
    const unknown = issuers.includes(entry.issuer) ? "" : "the policy has no such issuer";
    return [entry.issuer, NAMES[kind], value, `until ${timeText(entry.until)}`, start, unknown];
  });
  return [...formatColumns(rows).map((row) => row.trimEnd()), "", `${counted(entries.length, "revocation")}.`];
}

/** A time in seconds, for people and for `--until`. */
export function timeText(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}
