import { MCP_TABLES, type McpRules } from "../../mcp/mcp-rules.ts";
import type { Requirement, Route } from "../../policy.ts";
import type { Message } from "./message.ts";
import { areAllMessages, messageClasses, messageOf } from "./message-classes.ts";

/** The method of messages. */
export const POST: readonly string[] = ["POST"];
/** What opens and ends a stream in older revisions. */
export const STREAMS: readonly string[] = ["GET", "DELETE"];

/** Requests that a route decides alike, as the file lists them. */
export interface RouteRow {
  readonly methods: readonly string[];
  /** The MCP messages, with the entry that decides them. Left out: the requests are not messages. */
  readonly mcp?: Message;
  readonly requirement: Requirement;
  /** Where the route has the requirement. */
  readonly place: readonly string[];
}

/**
 * What a route requires: one row for an ordinary route, and one for each entry of an MCP route, in the order of the
 * tables.
 */
export function rowsOfRoute({ methods, requirement, mcp }: Route): readonly RouteRow[] {
  return mcp === undefined ? [{ methods, requirement, place: HERE }] : rowsOfRules(mcp);
}

/** A row of the access matrix. */
export interface MatrixRow extends Pick<RouteRow, "methods" | "mcp"> {
  /** `undefined`: no entry lists the messages, so that only a route which reports lets them through. */
  readonly requirement: Requirement | undefined;
}

/**
 * The rows of a route in the access matrix: those of `rowsOfRoute`. While an MCP route only reports, one more is for
 * the messages that no entry lists.
 */
export function matrixRowsOf(route: Route): readonly MatrixRow[] {
  const rows = rowsOfRoute(route);
  const { mcp, report } = route;
  if (mcp === undefined || report === undefined || areAllMessages(messageClasses([mcp]))) return rows;
  return [...rows, { methods: POST, requirement: undefined }];
}

/** The number of rows of some routes. */
export function rowCount(routes: readonly Route[]): number {
  return routes.reduce((count, route) => count + (route.mcp === undefined ? 1 : matrixRowsOf(route).length), 0);
}

function rowsOfRules(rules: McpRules): readonly RouteRow[] {
  const { streams, replies } = rules;
  const listed = MCP_TABLES.flatMap((table) =>
    Array.from(
      rules[table].entries,
      ([pattern, requirement]): RouteRow => ({
        methods: POST,
        mcp: messageOf(table, pattern),
        requirement,
        place: ["mcp", table, pattern],
      }),
    ),
  );
  return [
    ...listed,
    ...(replies
      ? [{ methods: POST, mcp: { reply: true }, requirement: replies, place: ["mcp", "replies"] } as const]
      : []),
    ...(streams ? [{ methods: STREAMS, requirement: streams, place: ["mcp", "streams"] }] : []),
  ];
}

const HERE: readonly string[] = [];
