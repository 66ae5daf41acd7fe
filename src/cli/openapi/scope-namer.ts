import { isScopeToken } from "../../policy/compile/scope-names.ts";
import type { Policy, Scope, ScopeTable } from "../../policy/policy.ts";
import { UsageError } from "../args/exit-code.ts";
import type { ApiDocument } from "./document/api-document.ts";

/** A scope that the import declares. */
export interface NewScope {
  readonly resourceServer: string;
  readonly shortName: string;
  readonly description: string;
}

/**
 * Finds the declared scope for a name in a document: first by full name, then by short name in the resource server
 * `home`, or, without `home`, in the only resource server that declares the name.
 */
export function declaredScope(name: string, table: ScopeTable, home: string | undefined): Scope | undefined {
  const named = table.byShortName.get(name) ?? [];
  const [only, ...more] = home === undefined ? named : named.filter(({ resourceServer }) => resourceServer === home);
  return table.byFullName.get(name) ?? (more.length === 0 ? only : undefined);
}

/** Finds the policy's names for a document's scopes, and collects the scopes that the policy has to declare. */
export class ScopeNamer {
  readonly #policy: Policy;
  readonly #home: string | undefined;
  readonly #descriptions: ReadonlyMap<string, string>;
  readonly #declared = new Map<string, NewScope>();

  /** @param resourceServer the server of the document's scopes, declared or new; default: the only one of the policy */
  constructor(policy: Policy, document: Pick<ApiDocument, "schemes">, resourceServer: string | undefined) {
    this.#policy = policy;
    const [only, ...more] = policy.resourceServers.keys();
    this.#home = resourceServer ?? (more.length === 0 ? only : undefined);
    this.#descriptions = new Map(
      [...document.schemes.values()].flatMap((scheme) => (scheme.kind === "token" ? [...scheme.scopes] : [])),
    );
  }

  /** The scopes to declare, in the order of the document. */
  get declared(): readonly NewScope[] {
    return [...this.#declared.values()];
  }

  /**
   * The policy's name for a scope of the document, short if that is unambiguous; `undefined` if no scope can have the
   * name. Throws `UsageError` if the resource server of an undeclared scope is unknown.
   */
  nameOf(scope: string): string | undefined {
    const found = declaredScope(scope, this.#policy.scopes, this.#home);
    if (found) return this.#shortest(found);
    if (!isScopeToken(scope)) return undefined;
    if (this.#home === undefined) {
      const known = [...this.#policy.resourceServers.keys()].join(", ");
      const which = known === "" ? "" : ` Known: ${known}.`;
      throw new UsageError(`Use --resource-server to name the resource server of the scope \`${scope}\`.${which}`);
    }
    return this.#declare(scope, this.#home);
  }

  /** A remark on an operation that requires a scope of another resource server, or one found by its short name. */
  remarkOn(scope: string): string | undefined {
    const found = declaredScope(scope, this.#policy.scopes, this.#home);
    if (found === undefined || found.resourceServer === this.#home) return undefined;
    if (this.#home !== undefined) return `requires \`${found.fullName}\`, which is not a scope of ${this.#home}`;
    if (found.fullName === scope) return undefined;
    const taken = `requires \`${scope}\` of ${found.resourceServer}, the only one that declares it`;
    return `${taken}; name another with --resource-server`;
  }

  #declare(scope: string, home: string): string {
    const isFull = scope.startsWith(`${home}/`) && scope.length > home.length + 1;
    const shortName = isFull ? scope.slice(home.length + 1) : scope;
    const description = this.#descriptions.get(scope) ?? "";
    this.#declared.set(shortName, { resourceServer: home, shortName, description });
    return this.#shortest({ resourceServer: home, shortName, fullName: `${home}/${shortName}` });
  }

  /** Avoids short names of other servers: a new scope of `home` with the same short name would make them ambiguous. */
  #shortest({ resourceServer, shortName, fullName }: Pick<Scope, "resourceServer" | "shortName" | "fullName">): string {
    const named = this.#policy.scopes.byShortName.get(shortName) ?? [];
    const isShared = named.some((other) => other.resourceServer !== resourceServer);
    const mayBeShared = this.#home !== undefined && resourceServer !== this.#home;
    return isShared || mayBeShared ? fullName : shortName;
  }
}
