/** A request for people: as a URL if its host matters, so that it can be pasted into `explain`. */
export function requestText({ method, path, host }: Request): string {
  return `${method} ${host === undefined ? "" : `https://${host}`}${path}`;
}

interface Request {
  readonly method: string;
  readonly path: string;
  readonly host?: string | undefined;
}
