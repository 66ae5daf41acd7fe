import { base64url } from "jose";
import { MAX_CERTIFICATE_LENGTH } from "../../limits.ts";
import type { MtlsSettings } from "../../policy/policy.ts";

/** A Structured Fields byte sequence (RFC 9440 2.1, RFC 9651 4.1.8) with canonical base64. */
const BYTE_SEQUENCE = /^:((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)?):$/;
const SHA256_HEX = /^[0-9a-f]{64}$/i;

/**
 * The thumbprint of the client certificate of a TLS connection (RFC 8705 3.1), as Cloudflare gives it in
 * `request.cf.tlsClientAuth`. Cloudflare fills in the certificate even if its validation failed, so all three results
 * of the validation are checked here. A revoked certificate may be verified. If both the certificate and its
 * fingerprint are there, they must agree. An empty text counts as absent: Cloudflare writes it for a certificate that
 * is too large.
 *
 * @param cf `request.cf`, of any form
 * @param trust `binding-only`: the certificate need not be verified. It must still be presented and not revoked.
 * @returns base64url; `undefined` if there is no certificate that counts
 */
export async function certificateThumbprint(cf: unknown, trust: MtlsSettings["trust"]): Promise<string | undefined> {
  const tls = memberOf(cf, "tlsClientAuth");
  if (memberOf(tls, "certPresented") !== "1" || memberOf(tls, "certRevoked") !== "0") return undefined;
  if (trust === "verified" && memberOf(tls, "certVerified") !== "SUCCESS") return undefined;
  const [certificate, fingerprint] = [memberOf(tls, "certRFC9440") || "", memberOf(tls, "certFingerprintSHA256") || ""];
  const ofCertificate = certificate === "" ? undefined : await hashOf(certificate);
  if (certificate !== "" && ofCertificate === undefined) return undefined;
  if (fingerprint === "") return ofCertificate;
  if (typeof fingerprint !== "string" || !SHA256_HEX.test(fingerprint)) return undefined;
  const ofFingerprint = base64url.encode(
    Uint8Array.from(fingerprint.match(/../g) ?? [], (hex) => Number.parseInt(hex, 16)),
  );
  return ofCertificate === undefined || ofCertificate === ofFingerprint ? ofFingerprint : undefined;
}

async function hashOf(certificate: unknown): Promise<string | undefined> {
  if (typeof certificate !== "string" || certificate.length > MAX_CERTIFICATE_LENGTH) return undefined;
  const [, text] = BYTE_SEQUENCE.exec(certificate) ?? [];
  if (!text) return undefined;
  const der = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  return base64url.encode(new Uint8Array(await crypto.subtle.digest("SHA-256", der)));
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}
