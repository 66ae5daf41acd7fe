import type { Policy } from "../../policy.ts";
import { effectiveScopes, mayGrant } from "../../scopes.ts";

/** The declared scopes as tokens of one issuer have them. Remembers its answers, because calls ask again and again. */
export class IssuerScopes {
  readonly #table: Policy["scopes"];
  readonly #issuer: string;
  /** The place of each declared scope in the file. */
  readonly #places: ReadonlyMap<string, number>;
  readonly #effective = new Map<string, ReadonlySet<string>>();

  /** @param issuer its name */
  constructor({ scopes }: Pick<Policy, "scopes">, issuer: string) {
    this.#table = scopes;
    this.#issuer = issuer;
    this.#places = new Map(Array.from(scopes.byFullName.keys(), (name, at) => [name, at]));
  }

  /** See `effectiveScopes`. */
  effectiveOf(scopes: readonly string[]): ReadonlySet<string> {
    const key = scopes.join(" ");
    const known = this.#effective.get(key) ?? effectiveScopes(this.#table, this.#issuer, scopes);
    this.#effective.set(key, known);
    return known;
  }

  /** Whether the policy declares the scope, and lets the issuer grant it. */
  isGrantable(name: string): boolean {
    return this.#places.has(name) && mayGrant(this.#table, this.#issuer, name);
  }

  /** Each of these scopes once, in the order of the file. */
  inOrder(scopes: Iterable<string>): readonly string[] {
    return [...new Set(scopes)].sort((one, other) => this.#placeOf(one) - this.#placeOf(other));
  }

  /** Sets in a fixed order: those with fewer names first, and otherwise those whose scopes the file declares first. */
  setsInOrder(sets: readonly (readonly string[])[]): readonly (readonly string[])[] {
    return sets
      .map((set) => this.inOrder(set))
      .sort((one, other) => {
        const at = one.findIndex((name, index) => name !== other[index]);
        return one.length - other.length || this.#placeOf(one[at] ?? "") - this.#placeOf(other[at] ?? "");
      });
  }

  #placeOf(name: string): number {
    return this.#places.get(name) ?? -1;
  }
}
