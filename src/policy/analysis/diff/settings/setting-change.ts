import type { Fault } from "../../../fault.ts";

/**
 * A change outside routes. `looser`: someone gains trust, such as a client, an issuer, a page or a key that the issuer
 * removed. `incomparable`: someone may gain it and someone else lose it. `identity`: a header that tells upstreams who
 * calls gets its value elsewhere. `moved`: clients are sent elsewhere. `added`: something is there that opens nothing by
 * itself. `tighter`: someone loses trust. `removed`: something is gone. `headers`: upstreams see more or less. `other`: it
 * neither opens nor closes anything.
 */
export interface SettingChange {
  readonly kind:
    | "looser"
    | "incomparable"
    | "identity"
    | "moved"
    | "added"
    | "tighter"
    | "removed"
    | "headers"
    | "other";
  /** The place in the new file; for what is removed, in the old one. */
  readonly path: Fault["path"];
  /** One sentence. */
  readonly message: string;
}

/** Adds a change to the result. */
export type Note = (kind: SettingChange["kind"], path: Fault["path"], message: string) => void;
