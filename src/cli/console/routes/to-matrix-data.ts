import type { AccessMatrix, AccessRow } from "../../../policy/analysis/access-matrix.ts";
import { mappedValueText } from "../../../policy/analysis/mapped-values.ts";
import type { Message } from "../../../policy/analysis/messages/message.ts";
import { escapeControlCharacters } from "../../../policy/control-characters.ts";
import { clientHeadings, grantHeadings, type Mark, marksOf } from "../../matrix/format-matrix.ts";
import { withMessage } from "../../print/request-text.ts";
import type { MarkLetter, MatrixAccess, MatrixColumn, MatrixData, MatrixRow } from "../matrix/matrix-data.ts";
import { groupPaths } from "./route-groups.ts";
import type { RowRequest } from "./row-requests.ts";
import type { ValueClients } from "./value-clients.ts";

/**
 * The data of the page from the matrix that the command prints. Says nothing that the matrix does not say.
 *
 * @param reasons for addresses of reasons, row by row; left out: the page has none
 */
export function toMatrixData(matrix: AccessMatrix, reasons?: RowReasons): MatrixData {
  const accesses = new Indexed<MatrixAccess>(({ requirement, marks, clientQueries }) =>
    JSON.stringify([marks, requirement, clientQueries]),
  );
  const upstreams = new Indexed<string>((name) => name);
  const lettersOf = letterWriter();
  const { names: groups, groupOf } = groupPaths(matrix.rows.map(({ path }) => path));
  const rows = matrix.rows.map((row, at): MatrixRow => {
    const { methods, path, mcp, hosts, requirement, upstream } = row;
    const request = reasons?.requests[at];
    const clientQueries = clientQueriesOf(reasons?.clients?.[at] ?? [], 1 + matrix.clients.length);
    return {
      methods: methods.map((method) => (method === "*" ? "any method" : method)).join(" "),
      path: withMessage(path, mcp),
      ...(hosts && { hosts: hosts.join(", ") }),
      access: accesses.indexOf({ requirement, marks: lettersOf(row), ...(clientQueries && { clientQueries }) }),
      upstream: upstreams.indexOf(upstream),
      group: groupOf[at] ?? 0,
      ...(request && { query: requestQuery(request) }),
    };
  });
  return {
    columns: columnsOf(matrix, reasons !== undefined),
    accesses: accesses.values,
    upstreams: upstreams.values,
    groups,
    // Sorting keeps the order of rows with the same group.
    rows: rows.sort((a, b) => a.group - b.group),
  };
}

/** What leads from the rows of a matrix to the reasons of their cells. */
export interface RowReasons {
  /** Of `rowRequests`. */
  readonly requests: readonly (RowRequest | undefined)[];
  /** Of `valueClients`; left out: the matrix has no columns for values. */
  readonly clients?: readonly ValueClients[] | undefined;
}

/** @param first the index of the column of the first value */
function clientQueriesOf(clients: ValueClients, first: number): MatrixAccess["clientQueries"] {
  const named = clients.flatMap((client, at) =>
    client === undefined ? [] : [[first + at, new URLSearchParams({ client }).toString()] as const],
  );
  return named.length === 0 ? undefined : Object.fromEntries(named);
}

/**
 * The marks of rows as letters: of anyone, of each client, of each mapped value. Rows share what they say of clients.
 */
function letterWriter(): (row: AccessRow) => string {
  const known = new Map<readonly boolean[], string>();
  return (row) => {
    const letters = known.get(row.allowed) ?? lettersIn(row);
    known.set(row.allowed, letters);
    return row.enforcedFrom === undefined ? letters : letters.replaceAll(LETTERS.yes, "r");
  };
}

function lettersIn(row: AccessRow): string {
  const marks: readonly Mark[] = [row.isPublic ? "yes" : "no", ...marksOf(row)];
  return marks.map((mark) => LETTERS[mark]).join("");
}

const LETTERS: Readonly<Record<Mark, MarkLetter>> = { yes: "y", if: "i", no: "n", unenforced: "u" };

function columnsOf(matrix: AccessMatrix, hasQueries: boolean): readonly MatrixColumn[] {
  const withQuery = (column: MatrixColumn, parameters: Readonly<Record<string, string>>): MatrixColumn =>
    hasQueries ? { ...column, query: new URLSearchParams(parameters).toString() } : column;
  // The browser gets keys back from the page, where control characters are escapes.
  const keyOf = (kind: string, name: string) => escapeControlCharacters(`${kind} ${name}`);
  const [titles, headings] = [clientHeadings(matrix), grantHeadings(matrix)];
  const names = matrix.clients.map((client) => matrix.clientNames?.[client] ?? client);
  const uses = Map.groupBy([ANYONE, ...names, ...headings], (name) => name);
  const clients = matrix.clients.map((client, at) => {
    const [own = client, title = client] = [names[at], titles[at]];
    const name = uses.get(own)?.length === 1 ? own : title;
    return withQuery({ key: keyOf("client", client), name, ...(title !== name && { title }) }, { client });
  });
  const grants = (matrix.grants ?? []).map((value, at) => {
    const name = headings[at] ?? "";
    return withQuery({ key: keyOf("grant", name), name }, { issuer: value.issuer, grant: mappedValueText(value) });
  });
  return [{ key: ANYONE, name: ANYONE }, ...clients, ...grants];
}

/** A caller without a token. */
const ANYONE = "anyone";

/** The parameters of "Why?" for a request. */
function requestQuery({ method, path, host, mcp }: RowRequest): string {
  const query = new URLSearchParams({ method, path, ...(host !== undefined && { host }) });
  if (mcp) query.set("message", messageWords(mcp).join(" "));
  return query.toString();
}

/** The words of a message, as `explain mcp` takes them. */
function messageWords(message: Message): readonly string[] {
  if ("reply" in message) return ["reply"];
  const { method, name } = message;
  if (name === undefined) return [method];
  return method === "completion/complete" ? [method, "ref/resource", name] : [method, name];
}

/** Values without those that are equal to an earlier one. */
class Indexed<Value> {
  readonly values: Value[] = [];
  readonly #indexes = new Map<string, number>();
  readonly #keyOf: (value: Value) => string;

  constructor(keyOf: (value: Value) => string) {
    this.#keyOf = keyOf;
  }

  indexOf(value: Value): number {
    const key = this.#keyOf(value);
    const known = this.#indexes.get(key);
    if (known !== undefined) return known;
    this.#indexes.set(key, this.values.push(value) - 1);
    return this.values.length - 1;
  }
}
