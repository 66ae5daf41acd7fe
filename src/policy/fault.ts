/** Something wrong with `routes.json`. A policy with one fault never serves. */
export interface Fault {
  /** Members and indices from the root, e.g. `["routes", 3, "scopes", 0]`. Empty: the file as a whole. */
  readonly path: readonly (string | number)[];
  /** What is wrong, in one sentence without the path. */
  readonly message: string;
  /** What to do about it, in one sentence. */
  readonly hint: string;
}

/** `$.routes[3].scopes[0]`; a member that is not an identifier is quoted: `$.clients["my app"]`. */
export function jsonPath(path: Fault["path"]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    return /^[A-Za-z_$][\w$]*$/.test(step) ? `${text}.${step}` : `${text}[${JSON.stringify(step)}]`;
  }, "$");
}

/** One line for people: path, what is wrong, what to do. */
export function formatFault(fault: Fault): string {
  return `${jsonPath(fault.path)}: ${fault.message} ${fault.hint}`;
}

/** How a part of the compiler says that something is wrong: it goes on afterwards, so that all faults are found. */
export type Report = (path: Fault["path"], message: string, hint: string) => void;
