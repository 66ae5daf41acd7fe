/** How many decisions are logged, and where they are counted. */
export interface Telemetry {
  /** Share of the permitted requests whose lines are written, from 0 to 1. */
  readonly allow: number;
  /** Share of the refused requests whose lines are written, from 0 to 1. */
  readonly deny: number;
  /** Whether lines have the path. */
  readonly path: boolean;
  /** Name of the binding of the Analytics Engine dataset; left out: decisions are not counted. */
  readonly metrics?: string;
}
