import type { GrantedScopes } from "./granted-scopes.ts";
import { collectionBytes, retainedBytes } from "./retained-bytes.ts";

/** Scopes that one or several tokens grant. */
export interface SharedScopes {
  /** Their place in the pool. */
  readonly key: string;
  readonly granted: GrantedScopes;
  /** Estimated size of these in memory, in bytes. */
  readonly bytes: number;
  /** How many tokens have them. */
  users: number;
}

/**
 * Keeps equal scopes once, for as long as a token has them. One scope may imply hundreds of others, and each token that
 * grants it would otherwise keep a set of its own. Scopes are equal if they come from one issuer, and if their names
 * and the conditions that their tokens meet are the same in the same order. All must be of one policy, which decides
 * what the names give a token of that issuer.
 */
export class ScopePool {
  readonly #byKey = new Map<string, SharedScopes>();
  /** The same: to look for what `find` returned needs no key. */
  readonly #byScopes = new Map<GrantedScopes, SharedScopes>();
  #bytes = 0;

  /** Estimate of what all scopes in the pool keep in memory, in bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Returns scopes of the pool by the name of their issuer, their own names, and the atoms of conditions. */
  find(issuer: string, names: readonly string[], atoms?: readonly string[]): GrantedScopes | undefined {
    return this.#byKey.get(keyOf({ issuer, names, ...(atoms && { atoms }) }))?.granted;
  }

  /** Returns the scopes of the pool that equal these, which it takes up if there are none. */
  acquire(granted: GrantedScopes): SharedScopes {
    const shared = this.#byScopes.get(granted) ?? this.#takeUp(granted);
    shared.users += 1;
    return shared;
  }

  #takeUp(granted: GrantedScopes): SharedScopes {
    const key = keyOf(granted);
    const equal = this.#byKey.get(key);
    if (equal !== undefined) return equal;
    // The names themselves belong to the policy.
    const lengths = granted.names.length + (granted.atoms?.length ?? 0) + granted.effective.size;
    const shared = { key, granted, bytes: collectionBytes(lengths) + retainedBytes(key), users: 0 };
    this.#byKey.set(key, shared);
    this.#byScopes.set(granted, shared);
    this.#bytes += shared.bytes;
    return shared;
  }

  /** Gives back what `acquire` returned: scopes that no token has any longer leave the pool. */
  release(shared: SharedScopes): void {
    shared.users -= 1;
    if (shared.users > 0) return;
    this.#byKey.delete(shared.key);
    this.#byScopes.delete(shared.granted);
    this.#bytes -= shared.bytes;
  }
}

/**
 * A token of another issuer must not get these scopes: the policy may let its names grant less. Nor must a token that
 * meets other conditions: the set holds those, too. No name of a scope is an atom, so one list of both is unambiguous.
 */
function keyOf({ issuer, names, atoms = [] }: Pick<GrantedScopes, "issuer" | "names" | "atoms">): string {
  return JSON.stringify([issuer, ...names, ...atoms]);
}
