import { isObject } from "../../json/json-object.ts";
import { resolveScope } from "../../policy/compile/scope-names.ts";
import type { Client, Policy } from "../../policy/policy.ts";
import { type Removal, removeItems } from "../../policy/source/remove-items.ts";
import { objectAt } from "../json-members.ts";
import type { LoadedPolicy } from "../policy-file/policy-source.ts";
import type { LogAdvice, SeenClient } from "./advise-on-log.ts";

/** A registration that gets fewer scopes. */
export interface TightenedClient {
  readonly client: Client;
  /** Full names of the scopes that it keeps, in the order of the file. */
  readonly kept: readonly string[];
  /** Full names of those that it loses. */
  readonly removed: readonly string[];
  /** Whether other sets would have been as small. */
  readonly isChoice: boolean;
}

/** The tightened policy. */
export interface TightenedPolicy {
  readonly clients: readonly TightenedClient[];
  /** The text of the policy's file. The same if there is nothing to tighten. */
  readonly text: string;
}

/**
 * Takes from registrations the scopes that no call needed. Leaves a registration as it is if none of its calls shows
 * what it needs: without a call, there is no evidence. It does the same if the log does not say what a token of one of
 * its calls granted.
 */
export function tightenClients({ clients }: LogAdvice, { policy, text, value }: LoadedPolicy): TightenedPolicy {
  const tightened = clients.flatMap((seen) => tightenedBy(seen));
  const removals = tightened.map((it) => removalOf(it, value, policy)).filter(({ items }) => items.size > 0);
  return { clients: tightened, text: removeItems(text, removals) };
}

function tightenedBy({ seen, advice }: SeenClient): readonly TightenedClient[] {
  const { client, kept, permitted, outdated } = advice;
  const [chosen, ...others] = kept.sets;
  if (client === undefined || chosen === undefined || seen.withoutGranted > 0) return [];
  if (permitted.seen === outdated.seen) return [];
  const needed = new Set(chosen);
  const removed = [...client.scopes].filter((name) => !needed.has(name));
  if (removed.length === 0) return [];
  const left = chosen.filter((name) => client.scopes.has(name));
  return [{ client, kept: left, removed, isChoice: others.length > 0 || !kept.isComplete }];
}

/** A scope may be listed by its short and by its full name. */
function removalOf({ client, removed }: TightenedClient, file: unknown, { scopes: table }: Policy): Removal {
  const path = ["clients", client.name, "scopes"];
  const listed = objectAt(objectAt(isObject(file) ? file : {}, "clients"), client.name)["scopes"];
  const names: readonly unknown[] = Array.isArray(listed) ? listed : [];
  const items = names.flatMap((name, index) => {
    const found = typeof name === "string" ? resolveScope(name, table) : undefined;
    return found?.ok && removed.includes(found.value.fullName) ? [index] : [];
  });
  return { path, items: new Set(items) };
}
