import { base64url } from "jose";

/** The nonces that count at one time (RFC 9449 8). */
export interface Nonces {
  /** Sent to clients. */
  readonly current: string;
  /** Still accepted, so that a nonce is good for `everySeconds` at least. */
  readonly previous: string;
}

/** Gives the nonces of a time. `nowMs` are epoch milliseconds. */
export type NoncesAt = (nowMs: number) => Promise<Nonces>;

/**
 * Makes the nonces of a gateway: the HMAC-SHA-256 of the number of the time slot, in base64url. Every isolate with the
 * same secret makes the same nonces, so none has to be stored. Nobody without the secret can make a proof in advance
 * for a time to come. A nonce is the same for all clients: what makes a proof good for one use is `jti`.
 *
 * @param everySeconds how long a nonce is the current one
 */
export function createNonces(secret: string, everySeconds: number): NoncesAt {
  const key = crypto.subtle.importKey("raw", encoder.encode(secret), { name: "HMAC", hash: "SHA-256" }, false, [
    "sign",
  ]);
  // An import that fails is reported where it is awaited.
  key.catch(() => {});
  const nonceOf = async (slot: number): Promise<string> => {
    const mac = await crypto.subtle.sign("HMAC", await key, encoder.encode(`${LABEL}${slot}`));
    return base64url.encode(new Uint8Array(mac));
  };
  let known: { readonly slot: number; readonly nonces: Nonces } | undefined;
  return async (nowMs) => {
    const slot = Math.floor(nowMs / 1000 / everySeconds);
    if (known?.slot === slot) return known.nonces;
    const [current, previous] = await Promise.all([nonceOf(slot), nonceOf(slot - 1)]);
    const nonces = { current, previous };
    known = { slot, nonces };
    return nonces;
  };
}

/** Keeps the MACs apart from those of another use of the same secret. */
const LABEL = "scopegate dpop nonce ";
const encoder = new TextEncoder();
