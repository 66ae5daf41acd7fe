import type { PathSelection } from "../../policy.ts";

/** Requests to some paths on some hosts. */
export interface RequestSelection {
  readonly paths: PathSelection;
  /** `undefined`: every host. */
  readonly hosts: readonly string[] | undefined;
}
