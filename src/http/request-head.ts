/** A request without its body. */
export interface RequestHead {
  readonly method: string;
  readonly headers: Pick<Headers, "get">;
}
