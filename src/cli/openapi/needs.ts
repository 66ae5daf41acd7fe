import { closest } from "../../policy/suggestion.ts";
import { type FaultText, failure, fault, type Result, success } from "../../result.ts";
import type { ApiDocument, Operation, SecurityAlternative } from "./document/api-document.ts";

/** What a caller needs according to a document, as far as a gateway can check it by access tokens. */
export type Need =
  | { readonly kind: "public" }
  /** A token may be left out, but one that is sent must be valid. */
  | { readonly kind: "optional" }
  | { readonly kind: "authenticated" }
  /** All scopes of any one of the lists, named as in the document. */
  | { readonly kind: "scopes"; readonly anyOf: readonly (readonly string[])[] };

/** What an operation needs, and how that differs from the document. */
export interface ReadNeed {
  /** `undefined` if the document does not say. */
  readonly need: Need | undefined;
  /** Schemes that the gateway does not check, such as API keys. */
  readonly unchecked: readonly string[];
  /** Whether all scopes of an alternative are needed, although any one of them suffices at its authorizer. */
  readonly isTighter: boolean;
}

/**
 * Reads the security requirements of an operation. One alternative suffices, and within it all scopes are needed
 * (OpenAPI 3.1 4.8.30). The gateway cannot check schemes such as API keys: within an alternative they are left out, and
 * an alternative of nothing else admits nobody. If all alternatives are of that kind, any valid token is required. An
 * empty alternative admits everybody: beside one that uses tokens, a token is optional.
 *
 * Fails rather than read a need that is weaker than what the document says:
 *
 * - a scheme is not declared, or nobody can tell what it asks of callers;
 * - a scheme that the gateway does not check lists scopes or roles;
 * - one alternative lists scopes, and another admits callers without any. The scopes would never be asked for.
 */
export function needOf(
  { security, fault: unread }: Operation,
  { schemes }: Pick<ApiDocument, "schemes">,
): Result<ReadNeed, FaultText> {
  if (unread) return failure(unread);
  if (security === undefined) return success({ need: undefined, unchecked: [], isTighter: false });
  const reader = new AlternativeReader(schemes);
  const ways: (readonly string[])[] = [];
  for (const alternative of security) {
    const way = reader.read(alternative);
    if (!way.ok) return way;
    if (way.value) ways.push(way.value);
  }
  const isOpen = security.length === 0 || security.some(({ size }) => size === 0);
  const admitsWithoutScopes = ways.some(({ length }) => length === 0);
  if (admitsWithoutScopes && ways.some(({ length }) => length > 0)) {
    return fault(
      "One alternative of its `security` lists scopes, and another admits callers without any.",
      "Remove one of the two, or add a route by hand.",
    );
  }
  // Each empty alternative is one of the ways.
  const usesTokens = ways.length > security.filter(({ size }) => size === 0).length;
  const need: Need = isOpen
    ? { kind: usesTokens ? "optional" : "public" }
    : ways.length === 0 || admitsWithoutScopes
      ? { kind: "authenticated" }
      : { kind: "scopes", anyOf: ways };
  const unchecked = need.kind === "public" ? [] : [...reader.unchecked];
  return success({ need, unchecked, isTighter: reader.isTighter });
}

class AlternativeReader {
  readonly unchecked = new Set<string>();
  isTighter = false;
  readonly #schemes: ApiDocument["schemes"];

  constructor(schemes: ApiDocument["schemes"]) {
    this.#schemes = schemes;
  }

  /** The scopes that an alternative needs; `undefined` if none of its schemes uses tokens, and so it admits nobody. */
  read(alternative: SecurityAlternative): Result<readonly string[] | undefined, FaultText> {
    const scopes = new Set<string>();
    let admits = alternative.size === 0;
    for (const [name, needed] of alternative) {
      const scheme = this.#schemes.get(name);
      if (scheme === undefined) return undeclared(name, this.#schemes.keys());
      if (scheme.kind === "unknown") {
        return fault(`The security scheme \`${name}\`: ${scheme.fault.message}`, scheme.fault.hint);
      }
      if (scheme.kind === "unchecked") {
        if (needed.length > 0) {
          return fault(
            `The security scheme \`${name}\` lists scopes, and the gateway does not check it.`,
            "List them under a scheme that uses access tokens.",
          );
        }
        this.unchecked.add(name);
      } else {
        admits = true;
        for (const scope of needed) scopes.add(scope);
        this.isTighter ||= scheme.anyScope && needed.length > 1;
      }
    }
    return success(admits ? [...scopes] : undefined);
  }
}

function undeclared(name: string, known: Iterable<string>): ReturnType<typeof fault> {
  const near = closest(name, known);
  const hint = near === undefined ? "Declare it in `components.securitySchemes`." : `Did you mean \`${near}\`?`;
  return fault(`The security scheme \`${name}\` is not declared.`, hint);
}
