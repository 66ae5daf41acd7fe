/** The issuer and the upstream that a peer is configured with. */
export interface PeerContext {
  readonly port: number;
  readonly upstreamHost: string;
  readonly issuer: string;
  readonly keyId: string;
  /** In PEM. */
  readonly publicKey: string;
  readonly publicKeyFile: string;
  /** For its own files. */
  readonly directory: string;
}
