import type { Claim, Guarantee, Policy } from "../../policy.ts";
import type { NotCompared } from "./comparers.ts";
import { unorderedText } from "./content-text.ts";
import type { Note } from "./setting-change.ts";

/** Compares what is guaranteed, however it is named and ordered. */
export function diffGuarantees(
  before: Pick<Policy, "guarantees">,
  after: Pick<Policy, "guarantees">,
  note: Note,
): void {
  const old = new Set(before.guarantees.map(contentOf));
  const now = new Set(after.guarantees.map(contentOf));
  for (const guarantee of before.guarantees) {
    if (!now.has(contentOf(guarantee))) note("other", ["guarantees"], `No longer guaranteed: ${guarantee.name}`);
  }
  for (const guarantee of after.guarantees) {
    if (!old.has(contentOf(guarantee))) {
      note("other", ["guarantees", guarantee.index], `Newly guaranteed: ${guarantee.name}`);
    }
  }
}

/** The content of each member as a text. A new member does not compile until it is listed. */
const TEXTS: { readonly [Member in keyof Guarantee]: ((value: Guarantee[Member]) => string) | NotCompared } = {
  name: "no-effect",
  index: "no-effect",
  clients: unorderedText,
  methods: unorderedText,
  paths: unorderedText,
  except: unorderedText,
  // Only the upstream's name counts: `diffPolicies` compares where each request goes.
  claim: (claim: Claim) =>
    unorderedText(claim.kind === "upstream" ? { kind: claim.kind, upstream: claim.upstream.name } : claim),
};

function contentOf(guarantee: Guarantee): string {
  const textOfMember = <Member extends keyof Guarantee>(member: Member): readonly string[] => {
    const text = TEXTS[member];
    return typeof text === "function" ? [text(guarantee[member])] : [];
  };
  return (Object.keys(TEXTS) as (keyof Guarantee)[]).flatMap(textOfMember).join("\n");
}
