import type { ApiDocument, Operation, SecurityAlternative } from "./read-document.ts";

/** What a caller needs according to a document, as far as a gateway can check it by access tokens. */
export type Need =
  | { readonly kind: "public" }
  | { readonly kind: "authenticated" }
  /** All scopes of any one of the lists, named as in the document. */
  | { readonly kind: "scopes"; readonly anyOf: readonly (readonly string[])[] };

/** What an operation needs, and what of that the gateway cannot check. */
export interface ReadNeed {
  /** `undefined` if the document does not say. */
  readonly need: Need | undefined;
  /** Schemes that the gateway does not check, such as API keys. */
  readonly unchecked: readonly string[];
}

/**
 * Reads the security requirements of an operation. One alternative suffices, and within it all scopes are needed
 * (OpenAPI 3.1 4.8.30). The gateway cannot check schemes such as API keys: within an alternative they are left out, and
 * an alternative of nothing else admits nobody. If all alternatives are of that kind, any valid token is required.
 */
export function needOf({ security }: Operation, { schemes }: Pick<ApiDocument, "schemes">): ReadNeed {
  if (security === undefined) return { need: undefined, unchecked: [] };
  if (security.length === 0 || security.some(({ size }) => size === 0)) {
    return { need: { kind: "public" }, unchecked: [] };
  }
  const unchecked = new Set<string>();
  const ways: (readonly string[])[] = [];
  for (const alternative of security) {
    const way = scopesOf(alternative, schemes, unchecked);
    if (way) ways.push(way);
  }
  const need: Need =
    ways.length === 0 || ways.some(({ length }) => length === 0)
      ? { kind: "authenticated" }
      : { kind: "scopes", anyOf: ways };
  return { need, unchecked: [...unchecked] };
}

/** The scopes of an alternative; `undefined` if none of its schemes uses tokens. */
function scopesOf(
  alternative: SecurityAlternative,
  schemes: ApiDocument["schemes"],
  unchecked: Set<string>,
): readonly string[] | undefined {
  const scopes = new Set<string>();
  let hasToken = false;
  for (const [name, needed] of alternative) {
    const scheme = schemes.get(name);
    const isToken =
      scheme?.type === "oauth2" ||
      scheme?.type === "openIdConnect" ||
      (scheme?.type === "http" && scheme.scheme === "bearer");
    if (isToken) for (const scope of needed) scopes.add(scope);
    else unchecked.add(name);
    hasToken ||= isToken;
  }
  return hasToken ? [...scopes] : undefined;
}
