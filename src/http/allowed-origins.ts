/** Origins that may send requests. */
export interface AllowedOrigins {
  /** As browsers send them (RFC 6454 6.2), for example `https://shop.example`. */
  readonly exact: ReadonlySet<string>;
  /** With `*` for the first label of the host, for example `https://*.shop.example`. */
  readonly wildcard: ReadonlySet<string>;
}

/** Sorts origins by their kind. Does not check them: see `compileCors`. */
export function allowedOrigins(origins: readonly string[]): AllowedOrigins {
  return {
    exact: new Set(origins.filter((origin) => !origin.includes("*"))),
    wildcard: new Set(origins.filter((origin) => origin.includes("*"))),
  };
}

/** The scheme of a page's origin and the first label of its host (RFC 1123 2.1), in lower case as browsers write it. */
const FIRST_LABEL = /^(https?:\/\/)(?!-)[a-z0-9-]{1,63}(?<!-)(?=\.)/;

/**
 * Whether an `Origin` header names an allowed origin. A `*` stands for exactly one label: with `https://*.shop.example`
 * neither `https://shop.example` nor `https://a.b.shop.example` is allowed. What follows that label is compared
 * exactly, the port included. The work does not grow with the number of origins.
 */
export function allowsOrigin({ exact, wildcard }: AllowedOrigins, origin: string): boolean {
  if (exact.has(origin)) return true;
  // The label is tested, because a header that itself has a `*` there would match.
  return wildcard.size > 0 && FIRST_LABEL.test(origin) && wildcard.has(origin.replace(FIRST_LABEL, "$1*"));
}
