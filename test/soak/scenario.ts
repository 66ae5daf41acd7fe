import type { Site } from "./call.ts";

/** Something that callers do over and over, and that must end the same way each time. */
export interface Scenario {
  readonly name: string;
  /** How many do it at a time. */
  readonly crew: number;
  /** One time; rejects when it ended in any other way than it must. */
  readonly run: (site: Site) => Promise<void>;
}
