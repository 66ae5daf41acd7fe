import { type MessageSelection, SELECTED_LISTS } from "../../mcp/message-selection.ts";
import type { Guarantee, Policy } from "../../policy.ts";
import { closest } from "../../suggestion.ts";
import { coversMessage, messageClasses } from "../messages/message-classes.ts";
import { routeOn } from "../messages/message-routes.ts";
import { type IdleNote, isVariation } from "./idle-note.ts";

/**
 * The notes on names of messages in a guarantee that no MCP route lists. Does not look at its paths: the names are
 * compared with those of every MCP route.
 */
export function messageNotes({ routes }: Pick<Policy, "routes">, { mcp, paths }: Guarantee): readonly IdleNote[] {
  if (mcp === undefined) return [];
  const guarding = routes.filter((route) => route.mcp !== undefined);
  // An ordinary route on a path that the guarantee names passes every message on, so that no name is idle.
  if (guarding.length === 0) return paths === undefined ? [NO_ROUTE] : [];
  return SELECTED_LISTS.flatMap((list) =>
    mcp[list].flatMap((pattern): readonly IdleNote[] => {
      const only: MessageSelection = { ...NOTHING, [list]: [pattern] };
      const isListed = guarding.some((route) =>
        messageClasses([route.mcp], [only]).some((it) => coversMessage(only, it) && routeOn(route, "POST", it)),
      );
      if (isListed) return [];
      const names = guarding.flatMap(({ mcp: rules }) => [...(rules?.[list].entries.keys() ?? [])]);
      const meant = closest(pattern, names);
      return [
        {
          message: `No MCP route lists a message for \`${pattern}\` of \`${list}\`.`,
          hint:
            meant === undefined
              ? "Check the name: MCP routes refuse what they do not list."
              : `Did you mean \`${meant}\`?`,
          isLikelyMistake: meant !== undefined && !isVariation(meant, pattern),
        },
      ];
    }),
  );
}

const NOTHING: MessageSelection = { tools: [], resources: [], prompts: [], methods: [] };

const NO_ROUTE: IdleNote = {
  message: "The policy has no MCP route, so the guarantee is about no message.",
  hint: "Add `mcp` to the route of the server, or remove `mcp` from the guarantee.",
  // A route that lost its `mcp` passes on every message.
  isLikelyMistake: true,
};
