import { type RevocationEntry, type RevocationKind, revokedBy } from "../../revocations/revocation-value.ts";

/** What is revoked, without times. */
export interface Selection {
  /** Name of the issuer in the policy. */
  readonly issuer: string;
  readonly kind: RevocationKind;
  readonly value: string;
}

/**
 * Adds an entry to a list, and drops those that have run out. An entry for the same thing is replaced: the later start
 * and the later end count, so that no revocation makes another one shorter.
 */
export function withRevocation(
  entries: readonly RevocationEntry[],
  selection: Selection,
  untilSeconds: number,
  nowSeconds: number,
): readonly RevocationEntry[] {
  const kept = withoutRunOut(entries, nowSeconds);
  const before = kept.filter((entry) => isSelectedEntry(entry, selection));
  const until = Math.max(untilSeconds, ...before.map((entry) => entry.until));
  const starts = before.map((entry) => ("notBefore" in entry ? entry.notBefore : 0));
  return [
    ...kept.filter((entry) => !before.includes(entry)),
    entryFor(selection, until, Math.max(nowSeconds, ...starts)),
  ];
}

/** Takes the entries of a selection off a list, and drops those that have run out. */
export function withoutRevocation(
  entries: readonly RevocationEntry[],
  selection: Selection,
  nowSeconds: number,
): readonly RevocationEntry[] {
  return withoutRunOut(entries, nowSeconds).filter((entry) => !isSelectedEntry(entry, selection));
}

/** The entries that still count. */
export function withoutRunOut(entries: readonly RevocationEntry[], nowSeconds: number): readonly RevocationEntry[] {
  return entries.filter(({ until }) => until > nowSeconds);
}

/** Whether an entry revokes what is selected. */
export function isSelectedEntry(entry: RevocationEntry, { issuer, kind, value }: Selection): boolean {
  const revoked = revokedBy(entry);
  return entry.issuer === issuer && revoked.kind === kind && revoked.value === value;
}

function entryFor({ issuer, kind, value }: Selection, until: number, notBefore: number): RevocationEntry {
  switch (kind) {
    case "tokenId":
      return { issuer, tokenId: value, until };
    case "session":
      return { issuer, session: value, until };
    case "subject":
      return { issuer, subject: value, notBefore, until };
    case "client":
      return { issuer, client: value, notBefore, until };
  }
}
