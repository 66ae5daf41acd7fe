/** A gateway under test, running in processes of its own. */
export interface Gateway {
  readonly name: string;
  readonly port: number;
  /** The process. The usage of its descendants counts as its own. */
  readonly pid: number;
  /** Where V8's inspector listens, if it does. */
  readonly inspectorPort?: number;
  stop(): Promise<void>;
}
