/** How an issuer's access tokens may be bound to their sender, by method. Both are never `refused`. */
export interface Binding {
  readonly dpop: BindingMode;
  readonly mtls: BindingMode;
}

/** The ways to prove the possession of a key: a signed proof (RFC 9449) or a TLS client certificate (RFC 8705). */
export const BINDING_METHODS = ["dpop", "mtls"] as const;
export type BindingMethod = (typeof BINDING_METHODS)[number];

/** The member of the claim `cnf` for each method (RFC 9449 6.1, RFC 8705 3.1). */
export const CONFIRMATION_MEMBERS: { readonly [Method in BindingMethod]: string } = {
  dpop: "jkt",
  mtls: "x5t#S256",
};

/** For tools: the claim `cnf` of a token that is bound to some key or certificate. */
export function anyConfirmation(method: BindingMethod): Readonly<Record<string, string>> {
  return { [CONFIRMATION_MEMBERS[method]]: "A".repeat(43) };
}

/** `refused`: tokens with such a binding are refused. `required`: tokens without a binding are refused. */
export const BINDING_MODES = ["refused", "accepted", "required"] as const;
export type BindingMode = (typeof BINDING_MODES)[number];

/** Which client certificates count: those that the platform has verified, or also others, such as self-signed ones. */
export const CERTIFICATE_TRUST = ["verified", "binding-only"] as const;

/** How client certificates are checked. */
export interface MtlsSettings {
  readonly trust: (typeof CERTIFICATE_TRUST)[number];
}

/** Where used proofs are remembered: by each isolate for itself, or in one place for all of them. */
export const REPLAY_STORES = ["isolate", "global"] as const;

/** How DPoP proofs are checked. */
export interface DpopSettings {
  /** JWS `alg` values of proofs that are accepted; asymmetric only. Each is there once. */
  readonly algorithms: readonly string[];
  /** How old a proof may be. */
  readonly maxAgeSeconds: number;
  /** Left out: proofs need no nonce. */
  readonly nonce?: NonceSettings;
  readonly replay: (typeof REPLAY_STORES)[number];
}

/** How the nonces of proofs are made (RFC 9449 9). */
export interface NonceSettings {
  /** Name of the Worker secret with the key. */
  readonly secret: string;
  /** How long a nonce is the current one. It is accepted for as long again. */
  readonly everySeconds: number;
}

/**
 * Whether an issuer's tokens can be bound, always are, or never are. A bound token may use each method that is covered.
 */
export function bindingOf(issuer: { readonly binding?: Binding }): "never" | "possible" | "always" {
  const { binding } = issuer;
  if (binding === undefined) return "never";
  return BINDING_METHODS.some((method) => binding[method] === "required") ? "always" : "possible";
}
