import type { GuaranteedExpression, Policy, ScopeExpression } from "../../policy.ts";
import { pointerTo } from "../../requirements/conditions.ts";
import { requirementsIn } from "../../routing/requirements-in.ts";

type Asking = Pick<Policy, "routes" | "guarantees">;

/** The claims that conditions of some policies look at, by JSON Pointer, and the texts that they compare them with. */
export class ClaimUses {
  readonly #policies: readonly Asking[];
  readonly #listed = new Map<string, Set<string>>();
  readonly #compared = new Set<string>();
  #pathTexts: ReadonlySet<string> | undefined;

  constructor(policies: readonly Asking[]) {
    this.#policies = policies;
    for (const { routes, guarantees } of policies) {
      for (const requirement of requirementsIn(routes)) {
        if (requirement.kind === "scopes" && requirement.conditions) this.#note(requirement.expression);
      }
      for (const { claim } of guarantees) if (claim.kind === "requires") this.#note(claim.expression);
    }
  }

  /** Whether some condition looks at a claim. */
  has(pointer: string): boolean {
    return this.#listed.has(pointer) || this.#compared.has(pointer);
  }

  /** The values of a claim that conditions list. */
  listed(pointer: string): ReadonlySet<string> {
    return this.#listed.get(pointer) ?? new Set();
  }

  /**
   * The fixed texts in paths that a condition can compare a claim with. None: no condition compares the claim with
   * paths.
   */
  inPaths(pointer: string): ReadonlySet<string> {
    if (!this.#compared.has(pointer)) return new Set();
    this.#pathTexts ??= new Set(this.#policies.flatMap(pathTextsOf));
    return this.#pathTexts;
  }

  /** Recurses once for each group. */
  #note(expression: ScopeExpression | GuaranteedExpression): void {
    switch (expression.kind) {
      case "scope":
        return;
      case "claim": {
        const pointer = pointerTo(expression.claim);
        const values = this.#listed.get(pointer) ?? new Set<string>();
        this.#listed.set(pointer, values);
        for (const value of expression.in) values.add(value);
        return;
      }
      case "parameter":
      case "named-parameter":
        this.#compared.add(pointerTo(expression.equals));
        return;
      default:
        for (const part of expression.of) this.#note(part);
    }
  }
}

/** The segments, decoded, of all patterns in the routes and guarantees of a policy. */
export function pathTextsOf({ routes, guarantees }: Asking): readonly string[] {
  const selections = guarantees.flatMap(({ paths, except, claim }) => [
    paths,
    ...except.map((exception) => exception.paths),
    ...(claim.kind === "publicOnly" ? [claim.paths] : []),
  ]);
  const patterns = [
    ...routes.map(({ path }) => path),
    ...selections.flatMap((paths) => [...(paths?.patterns ?? []), ...(paths?.under ?? [])]),
  ];
  return patterns.flatMap((pattern) => pattern.split("/").map(decodeURIComponent));
}
