import { expect, it } from "vitest";
import { type Selection, withoutRevocation, withRevocation } from "../../../src/cli/revoke/change-list.ts";
import type { RevocationEntry } from "../../../src/revocations/revocation-value.ts";

const NOW = 1_000;
const select = (kind: Selection["kind"], value = "v", issuer = "a"): Selection => ({ issuer, kind, value });
const token = (until: number, tokenId = "v", issuer = "a"): RevocationEntry => ({ issuer, tokenId, until });
const subject = (notBefore: number, until: number): RevocationEntry => ({
  issuer: "a",
  subject: "v",
  notBefore,
  until,
});

it.each<{ name: string; before: RevocationEntry[]; selection: Selection; until: number; after: RevocationEntry[] }>([
  { name: "adds a token id", before: [], selection: select("tokenId"), until: 2_000, after: [token(2_000)] },
  {
    name: "adds a session",
    before: [],
    selection: select("session"),
    until: 2_000,
    after: [{ issuer: "a", session: "v", until: 2_000 }],
  },
  {
    name: "adds a subject with the present as its start",
    before: [],
    selection: select("subject"),
    until: 2_000,
    after: [subject(NOW, 2_000)],
  },
  {
    name: "adds a client with the present as its start",
    before: [],
    selection: select("client"),
    until: 2_000,
    after: [{ issuer: "a", client: "v", notBefore: NOW, until: 2_000 }],
  },
  {
    name: "replaces an entry by one that ends later",
    before: [token(1_500)],
    selection: select("tokenId"),
    until: 2_000,
    after: [token(2_000)],
  },
  {
    name: "keeps a later end",
    before: [token(3_000)],
    selection: select("tokenId"),
    until: 2_000,
    after: [token(3_000)],
  },
  {
    name: "moves a start forward, and keeps a later one",
    before: [subject(500, 2_000), subject(1_200, 1_500)],
    selection: select("subject"),
    until: 1_600,
    after: [subject(1_200, 2_000)],
  },
  {
    name: "keeps entries of other issuers, kinds and values",
    before: [token(2_000, "v", "b"), token(2_000, "w"), subject(1, 2_000)],
    selection: select("tokenId"),
    until: 2_000,
    after: [token(2_000, "v", "b"), token(2_000, "w"), subject(1, 2_000), token(2_000)],
  },
  {
    name: "drops entries that have run out, and no others",
    before: [token(NOW, "w"), token(NOW + 1, "x")],
    selection: select("tokenId"),
    until: 2_000,
    after: [token(NOW + 1, "x"), token(2_000)],
  },
])("a revocation $name", ({ before, selection, until, after }) => {
  expect(withRevocation(before, selection, until, NOW)).toEqual(after);
});

it("an undo takes every entry of the selection off, and those that have run out", () => {
  const before = [token(2_000), token(3_000), token(2_000, "w"), token(500, "x"), subject(1, 2_000)];
  expect(withoutRevocation(before, select("tokenId"), NOW)).toEqual([token(2_000, "w"), subject(1, 2_000)]);
});
