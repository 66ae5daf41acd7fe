import { createHash, randomBytes } from "node:crypto";

/** A client certificate. Its bytes are random: neither the gateway nor an issuer reads more of it than its hash. */
export interface ClientCertificate {
  readonly pem: string;
  /** What a token that is bound to it has as `cnf` (RFC 8705 3.1). */
  readonly cnf: { readonly "x5t#S256": string };
  /** `request.cf.tlsClientAuth` of a connection with it, as Cloudflare fills it for a verified certificate. */
  readonly tls: Readonly<Record<string, unknown>>;
}

/** Makes a certificate that equals no other. */
export function newCertificate(): ClientCertificate {
  const der = randomBytes(600);
  const hash = createHash("sha256").update(der).digest();
  return {
    pem: `-----BEGIN CERTIFICATE-----\n${der.toString("base64")}\n-----END CERTIFICATE-----\n`,
    cnf: { "x5t#S256": hash.toString("base64url") },
    tls: {
      certPresented: "1",
      certVerified: "SUCCESS",
      certRevoked: "0",
      certRFC9440: `:${der.toString("base64")}:`,
      certRFC9440TooLarge: false,
      certFingerprintSHA256: hash.toString("hex"),
    },
  };
}

/** What Cloudflare fills in where the client presents no certificate. */
export const NO_CERTIFICATE = {
  certPresented: "0",
  certVerified: "NONE",
  certRevoked: "0",
  certRFC9440: "",
  certRFC9440TooLarge: false,
  certFingerprintSHA256: "",
};

/**
 * Headers of a request that comes over a connection with a certificate. workerd takes `request.cf` from this header
 * alone, as Cloudflare's edge tells it, and passes it on to nothing.
 */
export function overConnection(tlsClientAuth: unknown): Readonly<Record<string, string>> {
  return { "mf-cf-blob": JSON.stringify({ tlsClientAuth }) };
}
