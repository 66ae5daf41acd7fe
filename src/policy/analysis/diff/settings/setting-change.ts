import type { Fault } from "../../../fault.ts";

/**
 * A change outside routes. `looser`: someone gains trust, such as a client, an issuer, a page or a key that the issuer
 * removed. `incomparable`: someone may gain it and someone else lose it. `identity`: a header that tells upstreams who
 * calls gets its value elsewhere. `moved`: clients are sent elsewhere. `added`: something is there that opens nothing
 * by itself. `tighter`: someone loses trust. `removed`: something is gone.
 * `headers`: upstreams see more or less. `other`: it neither opens nor closes anything.
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
  /** For people. */
  readonly message: string;
  /** A token that shows the change, if the change is about what its claims grant. */
  readonly witness?: TokenWitness | undefined;
}

/** A token that grants more than before, and has no other claim that grants scopes or meets a condition. */
export interface TokenWitness {
  /** Name of its issuer in the new policy. */
  readonly issuer: string;
  /** Name of the registered client that it must be of. Left out: any client that the issuer accepts. */
  readonly client?: string;
  /** The value of each claim, by its name or JSON Pointer. */
  readonly claims: Readonly<Record<string, string>>;
  /** Full names of the scopes that it grants now and did not grant before. */
  readonly scopes: readonly string[];
  /** A call that it opens. Left out: it opens none by itself. */
  readonly call?: { readonly method: string; readonly path: string };
}

/** Adds a change to the result. */
export type Note = (kind: SettingChange["kind"], path: Fault["path"], message: string, witness?: TokenWitness) => void;
