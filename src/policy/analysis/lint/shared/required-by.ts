import type { Fault } from "../../../fault.ts";
import type { Policy, Requirement } from "../../../policy.ts";
import { messageText } from "../../messages/message.ts";
import { rowsOfRoute } from "../../messages/route-rows.ts";

/** A requirement, and where the file has it. */
export interface Required {
  /** The route's place in the file's list, from 0. */
  readonly index: number;
  /** What requires it, for people. */
  readonly name: string;
  readonly requirement: Requirement;
  readonly place: Fault["path"];
  /** The place of one of its members. Those of an MCP route hold for all its messages. */
  readonly placeOf: (member: "issuers" | "senderConstrained" | "authentication") => Fault["path"];
}

/** What the routes of a policy require, and the messages of MCP routes, in the order of the file. */
export function requiredBy({ routes }: Pick<Policy, "routes">): readonly Required[] {
  return routes.flatMap((route) => {
    const { index, path, requirement: ofRoute } = route;
    return rowsOfRoute(route).map(({ mcp, requirement, place: own }): Required => {
      const place = ["routes", index, ...own];
      return {
        index,
        name: `\`${mcp === undefined ? path : `${path} ${messageText(mcp)}`}\` (routes[${index}])`,
        requirement,
        place,
        placeOf: (member) => [...(Object.hasOwn(ofRoute, member) ? ["routes", index] : place), member],
      };
    });
  });
}
