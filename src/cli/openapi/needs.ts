import type { ApiDocument, Operation, SecurityAlternative } from "./read-document.ts";

/** What a document says a caller needs, as far as a gateway of access tokens can check it. */
export type Need =
  | { readonly kind: "public" }
  | { readonly kind: "authenticated" }
  /** Any one of the lists, and of that list all scopes, named as in the document. */
  | { readonly kind: "scopes"; readonly anyOf: readonly (readonly string[])[] };

export interface ReadNeed {
  /** `undefined`: the document does not say. */
  readonly need: Need | undefined;
  /** Schemes that the gateway does not check, such as API keys. */
  readonly unchecked: readonly string[];
}

/**
 * Alternatives are "or", the scopes within one are "and" (OpenAPI 3.1 4.8.30). What the gateway cannot check, such as
 * an API key, is left out of an "and"; as an alternative of its own it is no way in, unless there is no other: then any
 * valid token is.
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

/** All scopes of an alternative; `undefined`: none of its schemes is one of tokens. */
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
