import type { CallSelection, Claim, Guarantee, GuaranteedExpression, Policy } from "../../../policy.ts";
import { issOf } from "../../client-access.ts";
import { selectsServedPaths } from "../../proof/idle-guarantee.ts";
import type { NotCompared } from "./comparers.ts";
import type { Note } from "./setting-change.ts";
import { unorderedText } from "./shared/content-text.ts";
import { tokenKey } from "./shared/pair-clients.ts";

/**
 * Compares what is guaranteed, however it is named and ordered. A guarantee protects against later changes of routes,
 * so its removal is `looser`, although no request is decided by it. Says where no route serves the paths of a new
 * guarantee, or where routes no longer serve those of an unchanged one: then it protects nothing, as far as this policy
 * goes.
 */
export function diffGuarantees(before: Policy, after: Policy, note: Note): void {
  const [old, now] = [contentsOf(before), contentsOf(after)];
  const [isInOld, isInNow] = [keptIn(old, before), keptIn(now, after)];
  for (const guarantee of old) {
    if (!isInNow(guarantee)) note("looser", ["guarantees"], `No longer guaranteed: ${guarantee.name}`);
  }
  for (const guarantee of now) {
    const { name, index, paths, hosts } = guarantee;
    const isIdle = !selectsServedPaths(after, { paths, hosts });
    if (!isInOld(guarantee)) {
      const idle = isIdle ? ". No route serves any of its paths." : "";
      note("other", ["guarantees", index], `Newly guaranteed: ${name}${idle}`);
    } else if (isIdle && selectsServedPaths(before, { paths, hosts })) {
      note("other", ["guarantees", index], `Still guaranteed, but no route serves any of its paths now: ${name}`);
    }
  }
}

/** A guarantee in a form that can be compared with guarantees of other policies. */
interface Content extends Pick<Guarantee, "name" | "index" | "paths" | "hosts"> {
  /** What makes each client the same under any policy: see `tokenKey`. */
  readonly clients: ReadonlySet<string> | undefined;
  /** All the rest. */
  readonly text: string;
}

/**
 * Returns a function that tells whether a guarantee of one policy is also one of the other: the same guarantee, for at
 * least the same clients. Clients that the other policy does not register do not count: `["*"]` stands for fewer
 * clients there.
 */
function keptIn(others: readonly Content[], other: Policy): (guarantee: Content) => boolean {
  const registered = new Set(Array.from(other.clients.values(), (client) => tokenKey(other, client)));
  const byText = Map.groupBy(others, ({ text }) => text);
  const covers = (covered: Content["clients"], clients: Content["clients"]): boolean =>
    covered === undefined ||
    (clients !== undefined && [...clients].every((key) => !registered.has(key) || covered.has(key)));
  return ({ text, clients }) => byText.get(text)?.some((it) => covers(it.clients, clients)) === true;
}

function contentsOf(policy: Policy): readonly Content[] {
  const keyOf = (name: string): string => {
    const client = policy.clients.get(name);
    return client ? tokenKey(policy, client) : name;
  };
  const withKeys = <Selection extends CallSelection>(selection: Selection): Selection => ({
    ...selection,
    clients: selection.clients && new Set(Array.from(selection.clients, keyOf)),
    // Names of issuers decide nothing.
    issuers: selection.issuers && new Set(Array.from(selection.issuers, (name) => issOf(policy, name) ?? name)),
  });
  return policy.guarantees.map((guarantee) => {
    const keyed = { ...withKeys(guarantee), except: guarantee.except.map(withKeys) };
    const { name, index, clients, paths, hosts } = keyed;
    return { name, index, clients, paths, hosts, text: textOf(keyed) };
  });
}

/** The content of each member as a text. A new member does not compile until it is listed. */
const TEXTS: { readonly [Member in keyof Guarantee]: ((value: Guarantee[Member]) => string) | NotCompared } = {
  name: "no-effect",
  index: "no-effect",
  // They may become more: see `keptIn`.
  clients: "elsewhere",
  issuers: unorderedText,
  methods: unorderedText,
  hosts: unorderedText,
  paths: unorderedText,
  mcp: unorderedText,
  except: unorderedText,
  // Only the upstream's name counts: `diffPolicies` compares where each request goes.
  claim: (claim: Claim) => {
    if (claim.kind === "requires") return `requires ${expressionText(claim.expression)}`;
    return unorderedText(claim.kind === "upstream" ? { kind: claim.kind, upstream: claim.upstream.name } : claim);
  },
};

/** By the expression, which never changes: thousands of guarantees may share one. */
const texts = new WeakMap<GuaranteedExpression, string>();

function expressionText(expression: GuaranteedExpression): string {
  const text = texts.get(expression) ?? unorderedText(expression);
  texts.set(expression, text);
  return text;
}

function textOf(guarantee: Guarantee): string {
  const textOfMember = <Member extends keyof Guarantee>(member: Member): readonly string[] => {
    const text = TEXTS[member];
    return typeof text === "function" ? [text(guarantee[member])] : [];
  };
  return (Object.keys(TEXTS) as (keyof Guarantee)[]).flatMap(textOfMember).join("\n");
}
