import { shortestName } from "../../policy/format-requirement.ts";
import type { Policy } from "../../policy/policy.ts";
import { UsageError } from "../run-command.ts";
import type { ApiDocument } from "./read-document.ts";

/** A scope that is to be declared. */
export interface NewScope {
  readonly resourceServer: string;
  readonly shortName: string;
  readonly description: string;
}

/** RFC 6749 3.3, without `*`, which would read as a wildcard. */
const SCOPE_TOKEN = /^[!#-)+-[\]-~]+$/;

/** Finds the policy's names for a document's scopes; what the policy does not declare is remembered for declaration. */
export class ScopeNamer {
  readonly #policy: Policy;
  readonly #home: string | undefined;
  readonly #descriptions: ReadonlyMap<string, string>;
  readonly #declared = new Map<string, NewScope>();

  /** @param resourceServer under which new scopes are declared; default: the only one of the policy */
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
   * The shortest name of a document's scope in the policy; `undefined`: no scope can have such a name.
   *
   * @throws UsageError if it cannot be told which resource server is meant
   */
  nameOf(scope: string): string | undefined {
    const { byFullName, byShortName } = this.#policy.scopes;
    if (byFullName.has(scope)) return shortestName(scope, this.#policy);
    const declared = byShortName.get(scope) ?? [];
    if (declared.length === 1) return scope;
    if (!SCOPE_TOKEN.test(scope)) return undefined;
    if (this.#home === undefined) {
      const known = [...this.#policy.resourceServers.keys()].join(", ");
      const which = known === "" ? "" : ` Known: ${known}.`;
      throw new UsageError(`Say with --resource-server whose scope \`${scope}\` is.${which}`);
    }
    const home = declared.find(({ resourceServer }) => resourceServer === this.#home);
    return home ? home.fullName : this.#declare(scope, this.#home);
  }

  #declare(scope: string, home: string): string {
    const isFull = scope.startsWith(`${home}/`) && scope.length > home.length + 1;
    const shortName = isFull ? scope.slice(home.length + 1) : scope;
    const description = this.#descriptions.get(scope) ?? "";
    this.#declared.set(shortName, { resourceServer: home, shortName, description });
    // Where others declare the short name as well, only the full one says which is meant.
    return this.#policy.scopes.byShortName.has(shortName) ? `${home}/${shortName}` : shortName;
  }
}
