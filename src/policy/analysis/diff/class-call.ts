import type { Requirement, Route, RouteGroup } from "../../policy.ts";
import type { Access } from "../formulas/access.ts";
import type { Pins } from "../formulas/with-atoms.ts";
import type { Message } from "../messages/message.ts";
import type { MessageClass } from "../messages/message-classes.ts";

/** A request that shows a change. */
export interface Witness {
  readonly method: string;
  /** In canonical form. */
  readonly path: string;
  /** The host, if the policies tell hosts apart; left out: any host that they do not name. */
  readonly host?: string | undefined;
  /** The message that it carries. Left out: none, or it does not matter. */
  readonly mcp?: Message;
}

/** A request that stands for its class. */
export interface ClassCall extends Witness {
  /** The method as people should read it. */
  readonly label: string;
  /** The routes of its path under each policy, with any method. */
  readonly groups: Groups;
  /** Left out: no condition of the policies looks at paths. */
  readonly pins?: Pins | undefined;
  /** The messages that it stands for. Left out: it stands for requests that are none of those which are compared. */
  readonly messages?: MessageClass | undefined;
  /**
   * It stands for requests that are no MCP message, which an MCP route refuses to everyone. Left out: for others, too.
   */
  readonly isNoMessage?: true;
}

/** What sets requests apart that are no MCP message, for people. */
export const NO_MESSAGE = "without an MCP message";

export type Groups = readonly [RouteGroup | undefined, RouteGroup | undefined];

/** The route that serves a request under one policy, and which tokens may make the request. */
export interface Serving {
  readonly route: Route;
  /** That of the route. Conditions that no caller can meet on the request are left out: see `CallVariants`. */
  readonly requirement: Requirement;
  readonly access: Access;
}

/** The request of a class, as a witness. */
export function witnessOf({ method, path, host, messages }: ClassCall): Witness {
  return { method, path, ...(host !== undefined && { host }), ...(messages && { mcp: messages.message }) };
}
