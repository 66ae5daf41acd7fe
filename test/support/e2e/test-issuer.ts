import { accessClaims, type Claims, createSigningKey, type SigningKey, signClaims } from "../token/signing-key.ts";
import { startServer } from "./test-server.ts";

/** An issuer of this process: its key set over HTTP, and tokens of any claims. */
export interface TestIssuer {
  /** Its identifier, `iss`. */
  readonly url: string;
  /** Number of requests for its key set. */
  requests: number;
  /** The first one signs. All are published. */
  keys: readonly SigningKey[];
  /** Delay of each answer. */
  delayMs: number;
  /** A token with these claims on top of `accessClaims`. Members that are `undefined` are left out. */
  token(claims?: Claims, header?: Claims): Promise<string>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts an issuer on a free port, with one ES256 key. */
export async function startIssuer(): Promise<TestIssuer> {
  const server = await startServer((_request, response) => {
    issuer.requests += 1;
    const answer = JSON.stringify({ keys: issuer.keys.map(({ publicJwk }) => publicJwk) });
    setTimeout(() => response.writeHead(200, { "content-type": "application/json" }).end(answer), issuer.delayMs);
  });
  const issuer: TestIssuer = {
    url: `${server.origin}/pool`,
    requests: 0,
    keys: [await createSigningKey("key-1")],
    delayMs: 0,
    token: (claims, header) => {
      const [current] = issuer.keys;
      if (current === undefined) throw new Error("The issuer has no key.");
      return signClaims(current, accessClaims(issuer.url, claims), header);
    },
    start: server.start,
    stop: server.stop,
  };
  return issuer;
}
