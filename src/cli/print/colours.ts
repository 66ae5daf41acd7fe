type Paint = (text: string) => string;

/** Colours by meaning. Where colour is off, each returns its text unchanged. */
export interface Colours {
  readonly good: Paint;
  readonly bad: Paint;
  readonly doubtful: Paint;
  readonly strong: Paint;
  readonly faint: Paint;
}

const ESCAPE = "\u001b";

/** The sequences that `coloursFor` writes, as one capturing group. */
export const SGR = new RegExp(`(${ESCAPE}\\[(?:0|1|2|31|32|33)m)`);

/** Whether a stream gets colours: it is a terminal, and the user did not opt out (https://no-color.org). */
export function isColoured(stream: { readonly isTTY?: boolean } = process.stdout): boolean {
  return stream.isTTY === true && !process.env["NO_COLOR"] && process.env["TERM"] !== "dumb";
}

/** Colours for a terminal; none where `isColoured` says no. */
export function coloursFor(stream?: { readonly isTTY?: boolean }): Colours {
  const paint = (code: number): Paint =>
    isColoured(stream) ? (text) => `${ESCAPE}[${code}m${text}${ESCAPE}[0m` : (text) => text;
  return { good: paint(32), bad: paint(31), doubtful: paint(33), strong: paint(1), faint: paint(2) };
}
