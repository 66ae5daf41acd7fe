import { conditionText } from "../../claim-path.ts";
import type { Fault, Report } from "../../fault.ts";
import type { ClaimCondition, Condition, ParameterCondition, ScopeExpression } from "../../policy.ts";
import { isSingleValue, pointerTo } from "../../requirements/conditions.ts";

/**
 * Reports two conditions that can be needed together and that look at the same parameter or the same claim. Whether
 * both can be met would depend on their values, and proofs treat conditions as independent of each other. Two lists for
 * one claim are fine, because it may be an array, except for a claim that counts only as one string.
 *
 * Reports one pair at most. Recurses once for each group, of which `MAX_NESTED_GROUPS` bounds the number.
 */
export function checkTogether(expression: ScopeExpression, path: Fault["path"], report: Report): void {
  const search = new Search();
  search.conditionsIn(expression);
  if (search.found === undefined) return;
  const [one, other] = search.found.map((condition) => `\`${conditionText(condition)}\``);
  report(
    path,
    `The requirement can need ${one} and ${other} together, and both test the same parameter or the same claim.`,
    "Keep one of them, or make them alternatives (`anyOf`).",
  );
}

class Search {
  /** The first pair. */
  found: readonly [Condition, Condition] | undefined;

  /** All conditions in an expression. */
  conditionsIn(expression: ScopeExpression): readonly Condition[] {
    switch (expression.kind) {
      case "scope":
        return [];
      case "claim":
      case "parameter":
        return [expression];
      case "anyOf":
        return expression.of.flatMap((part) => this.conditionsIn(part));
      case "allOf":
        return this.#together(expression.of);
    }
  }

  #together(parts: readonly ScopeExpression[]): readonly Condition[] {
    const all: Condition[] = [];
    const seen = new Seen();
    for (const part of parts) {
      const conditions = this.conditionsIn(part);
      for (const condition of conditions) {
        const other = seen.conflicting(condition);
        if (other) this.found ??= [other, condition];
      }
      for (const condition of conditions) seen.add(condition);
      all.push(...conditions);
    }
    return all;
  }
}

/** The conditions of earlier parts. The first of each kind is enough: any other conflicts with what the first does. */
class Seen {
  readonly #bySegment = new Map<number, ParameterCondition>();
  readonly #equal = new Map<string, ParameterCondition>();
  readonly #listed = new Map<string, ClaimCondition>();

  add(condition: Condition): void {
    if (condition.kind === "claim") {
      addFirst(this.#listed, pointerTo(condition.claim), condition);
      return;
    }
    addFirst(this.#bySegment, condition.segment, condition);
    addFirst(this.#equal, pointerTo(condition.equals), condition);
  }

  conflicting(condition: Condition): Condition | undefined {
    if (condition.kind === "claim") {
      const claim = pointerTo(condition.claim);
      const listed = isSingleValue(condition.claim) ? this.#listed.get(claim) : undefined;
      return this.#equal.get(claim) ?? (listed && isSameValue(listed, condition) ? undefined : listed);
    }
    const claim = pointerTo(condition.equals);
    const others = [this.#bySegment.get(condition.segment), this.#equal.get(claim), this.#listed.get(claim)];
    return others.find((other) => other && !(other.kind === "parameter" && other.atom === condition.atom));
  }
}

/** Two equal lists of several values would still let proofs choose a value from each. */
function isSameValue(one: ClaimCondition, other: ClaimCondition): boolean {
  return one.in.length === 1 && other.in.length === 1 && one.in[0] === other.in[0];
}

function addFirst<Key, Value>(first: Map<Key, Value>, key: Key, value: Value): void {
  if (!first.has(key)) first.set(key, value);
}
