import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { MAX_CERTIFICATE_LENGTH } from "../../../src/limits.ts";
import { certificateThumbprint } from "../../../src/token/binding/certificate.ts";

const DER = Buffer.from("a certificate, as bytes");
const RFC9440 = `:${DER.toString("base64")}:`;
const HEX = createHash("sha256").update(DER).digest("hex");
const THUMBPRINT = createHash("sha256").update(DER).digest("base64url");
const SENT = { certPresented: "1", certVerified: "SUCCESS", certRevoked: "0", certRFC9440: RFC9440 };
const BOTH = { ...SENT, certFingerprintSHA256: HEX };
const textOf = (length: number): string => `:${"A".repeat(length - 2)}:`;

describe("certificateThumbprint", () => {
  it.each([
    { name: "the certificate", tls: SENT },
    { name: "the fingerprint", tls: { ...SENT, certRFC9440: undefined, certFingerprintSHA256: HEX } },
    { name: "the fingerprint in upper case", tls: { ...BOTH, certFingerprintSHA256: HEX.toUpperCase() } },
    { name: "both, which agree", tls: BOTH },
    { name: "the certificate beside an empty fingerprint", tls: { ...SENT, certFingerprintSHA256: "" } },
    { name: "the fingerprint of one that is too large", tls: { ...BOTH, certRFC9440: "", certRFC9440TooLarge: true } },
  ])("takes $name", async ({ tls }) => {
    expect(await certificateThumbprint({ tlsClientAuth: tls }, "verified")).toBe(THUMBPRINT);
    expect(await certificateThumbprint({ tlsClientAuth: tls }, "binding-only")).toBe(THUMBPRINT);
  });

  it.each([
    { name: "no `cf`", cf: undefined },
    { name: "a `cf` that is no object", cf: "x" },
    { name: "no `tlsClientAuth`", cf: {} },
    { name: "`tlsClientAuth` of null", cf: { tlsClientAuth: null } },
    { name: "the placeholder of a connection without a certificate", cf: { tlsClientAuth: { certPresented: "0" } } },
    ...[
      { certPresented: "0" },
      { certPresented: undefined },
      { certPresented: 1 },
      { certPresented: true },
      { certRevoked: "1" },
      { certRevoked: undefined },
      { certRevoked: 0 },
      { certRevoked: "" },
      { certFingerprintSHA256: createHash("sha256").update("other").digest("hex") },
      { certFingerprintSHA256: HEX.slice(1) },
      { certFingerprintSHA256: `${HEX}0` },
      { certFingerprintSHA256: HEX.replace(/./, "g") },
      { certFingerprintSHA256: 7 },
      { certRFC9440: DER.toString("base64") },
      { certRFC9440: `${RFC9440}, ${RFC9440}` },
      { certRFC9440: `:${DER.toString("base64url")}:` },
      { certRFC9440: ": :" },
      { certRFC9440: "::" },
      { certRFC9440: ":A:" },
      { certRFC9440: {} },
      { certRFC9440: "", certFingerprintSHA256: "" },
      { certRFC9440: textOf(MAX_CERTIFICATE_LENGTH + 4) },
    ].map((changes) => ({ name: JSON.stringify(changes), cf: { tlsClientAuth: { ...BOTH, ...changes } } })),
  ])("takes nothing from $name", async ({ cf }) => {
    expect(await certificateThumbprint(cf, "verified")).toBeUndefined();
    expect(await certificateThumbprint(cf, "binding-only")).toBeUndefined();
  });

  it.each([undefined, "", "NONE", "FAILED:self signed certificate", "success", "SUCCESS ", true])(
    "takes a certificate whose verification is %j only without asking for one",
    async (certVerified) => {
      const cf = { tlsClientAuth: { ...BOTH, certVerified } };
      expect(await certificateThumbprint(cf, "verified")).toBeUndefined();
      expect(await certificateThumbprint(cf, "binding-only")).toBe(THUMBPRINT);
    },
  );

  it("takes a certificate of the greatest length", async () => {
    const tlsClientAuth = { ...SENT, certRFC9440: textOf(MAX_CERTIFICATE_LENGTH) };
    expect(await certificateThumbprint({ tlsClientAuth }, "verified")).toHaveLength(43);
  });
});
