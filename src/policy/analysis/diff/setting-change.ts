import type { Fault } from "../../fault.ts";

/** A change outside routes. `other`: it neither opens nor closes anything. */
export interface SettingChange {
  readonly kind: "looser" | "incomparable" | "added" | "tighter" | "removed" | "headers" | "other";
  /** The place in the new file; for what is removed, in the old one. */
  readonly path: Fault["path"];
  /** One sentence. */
  readonly message: string;
}

/** Adds a change to the result. */
export type Note = (kind: SettingChange["kind"], path: Fault["path"], message: string) => void;
