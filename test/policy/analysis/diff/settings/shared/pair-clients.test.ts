import { describe, expect, it } from "vitest";
import { pairClients } from "../../../../../../src/policy/analysis/diff/settings/shared/pair-clients.ts";
import type { Client } from "../../../../../../src/policy/policy.ts";
import { clientOf, issuerOf, policyOf } from "../../../../../support/policy/example-policy.ts";

const [ours, partner] = [issuerOf({ name: "ours", issuer: "https://ours.example" }), issuerOf({ name: "partner" })];
const policyWith = (clients: readonly Client[], issuers = [ours, partner]) =>
  policyOf(issuers, {}, { clients: new Map(clients.map((client) => [client.name, client])) });
const named = (name: string, id: string, issuer = "ours"): Client => ({ ...clientOf(id, [], issuer), name });

/** `name: old name -> new name` of each pair. */
function pairs(before: readonly Client[], after: readonly Client[], issuers = [ours, partner]): string[] {
  return pairClients(policyWith(before), policyWith(after, issuers)).map(
    ({ name, isNameReused, before: old, after: now }) =>
      `${name}${isNameReused ? ", reused" : ""}: ${old?.name} -> ${now?.name}`,
  );
}

describe("pairClients", () => {
  it.each([
    { name: "one that is renamed", before: [named("a", "1")], after: [named("b", "1")], expected: ["b: a -> b"] },
    { name: "one with another id", before: [named("a", "1")], after: [named("a", "2")], expected: ["a: a -> a"] },
    {
      name: "one with another issuer",
      before: [named("a", "1")],
      after: [named("a", "1", "partner")],
      expected: ["a: a -> a"],
    },
    {
      name: "two that exchange their names, by their ids",
      before: [named("a", "1"), named("b", "2")],
      after: [named("a", "2"), named("b", "1")],
      expected: ["b: a -> b", "a: b -> a"],
    },
    {
      name: "one id under two issuers",
      before: [named("a", "1"), named("b", "1", "partner")],
      after: [named("b", "1"), named("a", "1", "partner")],
      expected: ["b: a -> b", "a: b -> a"],
    },
    {
      name: "nothing of one that is gone and one that is new",
      before: [named("a", "1")],
      after: [named("b", "2")],
      expected: ["a: a -> undefined", "b: undefined -> b"],
    },
    {
      name: "one that takes the name of one that is gone, and tells the two apart",
      before: [named("a", "1"), named("b", "2")],
      after: [named("b", "1")],
      expected: ["b: a -> b", "b, reused: b -> undefined"],
    },
    {
      name: "one that takes the name of one that got another",
      before: [named("a", "1"), named("b", "2")],
      after: [named("b", "1"), named("c", "2")],
      expected: ["b: a -> b", "c: b -> c"],
    },
  ])("pairs $name", ({ before, after, expected }) => {
    expect(pairs(before, after)).toEqual(expected);
  });

  it("goes by the `iss`, not by the issuer's name", () => {
    const renamed = { ...ours, name: "renamed" };
    expect(pairs([named("a", "1")], [named("b", "1", "renamed")], [renamed])).toEqual(["b: a -> b"]);
    const exchanged = [
      { ...ours, name: "partner" },
      { ...partner, name: "ours" },
    ];
    expect(pairs([named("a", "1"), named("b", "1", "partner")], [named("c", "1")], exchanged)).toEqual([
      "a: a -> undefined",
      "c: b -> c",
    ]);
  });
});
