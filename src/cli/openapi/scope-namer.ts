import { isScopeToken } from "../../policy/compile/scope-names.ts";
import type { Policy, Scope, ScopeTable } from "../../policy/policy.ts";
import { UsageError } from "../args/exit-code.ts";
import type { ApiDocument } from "./read-document.ts";

/** A scope that is to be declared. */
export interface NewScope {
  readonly resourceServer: string;
  readonly shortName: string;
  readonly description: string;
}

/**
 * The declared scope that a document's name means: by its full name, else by the short one under `home`, else, where
 * nobody says whose the document's scopes are, under the only resource server that declares it.
 */
export function declaredScope(name: string, table: ScopeTable, home: string | undefined): Scope | undefined {
  const named = table.byShortName.get(name) ?? [];
  const [only, ...more] = home === undefined ? named : named.filter(({ resourceServer }) => resourceServer === home);
  return table.byFullName.get(name) ?? (more.length === 0 ? only : undefined);
}

/** Finds the policy's names for a document's scopes; what the policy does not declare is remembered for declaration. */
export class ScopeNamer {
  readonly #policy: Policy;
  readonly #home: string | undefined;
  readonly #descriptions: ReadonlyMap<string, string>;
  readonly #declared = new Map<string, NewScope>();

  /** @param resourceServer whose the document's scopes are, declared or new; default: the only one of the policy */
  constructor(policy: Policy, document: Pick<ApiDocument, "schemes">, resourceServer: string | undefined) {
    this.#policy = policy;
    const [only, ...more] = policy.resourceServers.keys();
    this.#home = resourceServer ?? (more.length === 0 ? only : undefined);
    this.#descriptions = new Map([...document.schemes.values()].flatMap(({ scopes }) => [...scopes]));
  }

  /** The scopes to declare, in the order in which they were met. */
  get declared(): readonly NewScope[] {
    return [...this.#declared.values()];
  }

  /**
   * The name of a document's scope in the policy, short where that says all; `undefined`: no scope can have such a name.
   *
   * @throws UsageError if it cannot be told which resource server is meant
   */
  nameOf(scope: string): string | undefined {
    const found = declaredScope(scope, this.#policy.scopes, this.#home);
    if (found) return this.#shortest(found);
    if (!isScopeToken(scope)) return undefined;
    if (this.#home === undefined) {
      const known = [...this.#policy.resourceServers.keys()].join(", ");
      const which = known === "" ? "" : ` Known: ${known}.`;
      throw new UsageError(`Say with --resource-server whose scope \`${scope}\` is.${which}`);
    }
    return this.#declare(scope, this.#home);
  }

  /** What to say of an operation that requires a scope, unless that is plainly one of the document's own. */
  remarkOn(scope: string): string | undefined {
    const found = declaredScope(scope, this.#policy.scopes, this.#home);
    if (found === undefined || found.resourceServer === this.#home) return undefined;
    if (this.#home !== undefined) return `requires \`${found.fullName}\`, which is no scope of ${this.#home}`;
    if (found.fullName === scope) return undefined;
    return `requires \`${scope}\` of ${found.resourceServer}, the only one that has it: else say --resource-server`;
  }

  #declare(scope: string, home: string): string {
    const isFull = scope.startsWith(`${home}/`) && scope.length > home.length + 1;
    const shortName = isFull ? scope.slice(home.length + 1) : scope;
    const description = this.#descriptions.get(scope) ?? "";
    this.#declared.set(shortName, { resourceServer: home, shortName, description });
    return this.#shortest({ resourceServer: home, shortName, fullName: `${home}/${shortName}` });
  }

  /** New scopes are all of `home`: a short name of another's could come to mean two, so that only the full one is safe. */
  #shortest({ resourceServer, shortName, fullName }: Pick<Scope, "resourceServer" | "shortName" | "fullName">): string {
    const named = this.#policy.scopes.byShortName.get(shortName) ?? [];
    const isShared = named.some((other) => other.resourceServer !== resourceServer);
    const mayBeShared = this.#home !== undefined && resourceServer !== this.#home;
    return isShared || mayBeShared ? fullName : shortName;
  }
}
