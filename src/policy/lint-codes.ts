/** What is the same for every lint of one code. */
export interface LintProperties {
  /** `warning`: fix it, or give a reason. `notice`: it may be intended, and it never makes `check` fail. */
  readonly severity: "warning" | "notice";
  /** Whether the file can suppress it, with a reason. */
  readonly isSuppressible: boolean;
  /** Which part of the file suppresses it; left out: a route. */
  readonly suppressedBy?: "issuer";
}

/** Every lint, by its code. Codes are public: they appear in policies, in `check --json` and in the documentation. */
export const LINTS = {
  "unmeetable-requirement": { severity: "warning", isSuppressible: true },
  "unheld-scope": { severity: "warning", isSuppressible: true },
  "looser-sibling": { severity: "warning", isSuppressible: true },
  "shared-upstream-path": { severity: "warning", isSuppressible: true },
  "undecided-sibling": { severity: "notice", isSuppressible: false },
  // A client of one's own may begin in another way.
  "unlisted-handshake": { severity: "warning", isSuppressible: true },
  "public-write": { severity: "warning", isSuppressible: true },
  "uncounted-caller": { severity: "warning", isSuppressible: true },
  // These two guess from the names in paths, so they may be wrong.
  "collection-without-items": { severity: "notice", isSuppressible: true },
  "items-without-collection": { severity: "notice", isSuppressible: true },
  "unreached-message": { severity: "warning", isSuppressible: false },
  "unlisted-list": { severity: "notice", isSuppressible: false },
  "unused-scope": { severity: "notice", isSuppressible: false },
  "unused-grant": { severity: "notice", isSuppressible: false },
  "client-opens-nothing": { severity: "warning", isSuppressible: false },
  "shared-client-name": { severity: "warning", isSuppressible: false },
  "refused-client": { severity: "warning", isSuppressible: false },
  "unused-upstream": { severity: "warning", isSuppressible: false },
  "unused-rate-limit": { severity: "warning", isSuppressible: false },
  "unused-assertion": { severity: "warning", isSuppressible: false },
  "unused-dpop": { severity: "warning", isSuppressible: false },
  "unused-mtls": { severity: "warning", isSuppressible: false },
  "unused-binding": { severity: "notice", isSuppressible: false },
  "unused-resource": { severity: "notice", isSuppressible: false },
  "written-secret": { severity: "warning", isSuppressible: false },
  "http-upstream": { severity: "notice", isSuppressible: false },
  "unused-issuer": { severity: "warning", isSuppressible: false },
  "any-tenant": { severity: "warning", isSuppressible: true, suppressedBy: "issuer" },
  "no-registered-client": { severity: "warning", isSuppressible: false },
  "unregistered-clients": { severity: "notice", isSuppressible: false },
  // Issuers let their users add claims.
  "unfamiliar-claim": { severity: "notice", isSuppressible: false },
  "unwritten-acr": { severity: "warning", isSuppressible: false },
  "unordered-acr": { severity: "warning", isSuppressible: false },
  // Some issuers write no `aud`, and their users cannot change that.
  "audience-without-aud": { severity: "notice", isSuppressible: false },
  "unlimited-issuer": { severity: "notice", isSuppressible: false },
  "long-clock-tolerance": { severity: "warning", isSuppressible: false },
  "long-stale-keys": { severity: "warning", isSuppressible: false },
  "served-revoked-tokens": { severity: "warning", isSuppressible: false },
  "wildcard-origin": { severity: "warning", isSuppressible: false },
  // `check` reports these two beside the lints: only a proof knows them.
  "idle-guarantee": { severity: "warning", isSuppressible: false },
  "unserved-guarantee": { severity: "notice", isSuppressible: false },
  // `check` reports these beside the lints, too: they depend on the day.
  "report-only": { severity: "notice", isSuppressible: false },
  "report-ending": { severity: "warning", isSuppressible: false },
  "report-ended": { severity: "warning", isSuppressible: false },
  "needless-silence": { severity: "notice", isSuppressible: false },
} as const satisfies Readonly<Record<string, LintProperties>>;

export type LintCode = keyof typeof LINTS;
export type LintSeverity = LintProperties["severity"];

/** The codes of the lints that an issuer can suppress. */
export type IssuerLint = {
  [Code in LintCode]: (typeof LINTS)[Code] extends { readonly suppressedBy: "issuer" } ? Code : never;
}[LintCode];

/** The codes of the lints that a route can suppress. */
export type SuppressibleLint = {
  [Code in LintCode]: (typeof LINTS)[Code]["isSuppressible"] extends true ? Exclude<Code, IssuerLint> : never;
}[LintCode];
