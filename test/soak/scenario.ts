import type { Site } from "./call.ts";

/** Something that virtual users repeat, and that must end the same way each time. */
export interface Scenario {
  readonly name: string;
  /** Number of virtual users at a time. */
  readonly users: number;
  /** One iteration. Rejects if it ends in any other way than expected. */
  readonly run: (site: Site) => Promise<void>;
}
