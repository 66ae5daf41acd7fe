/** How the list of revoked tokens is read. */
export interface Revocation {
  /** How old the list may be when it is used, while it can be read. */
  readonly refreshSeconds: number;
  /** How old it may be when it cannot be read. */
  readonly maxStaleSeconds: number;
  /** What happens to tokens when it is older: they are refused, or accepted if the old list does not name them. */
  readonly onStale: "refuse" | "serve";
}
