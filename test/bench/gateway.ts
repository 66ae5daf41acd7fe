/** A gateway under test, running in processes of its own. */
export interface Gateway {
  readonly name: string;
  readonly port: number;
  /** The process; what its descendants use is counted as its own. */
  readonly pid: number;
  stop(): Promise<void>;
}
