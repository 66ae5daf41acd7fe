import { methodsDecidedByName } from "../../../../mcp/message-targets.ts";
import { takesName } from "../../../messages/name-classes.ts";
import type { Rule } from "../rule.ts";
import { KNOWN_METHODS } from "./known-methods.ts";

/**
 * Entries in `methods` of an MCP route that cover methods like `tools/call`, and no other method of the protocol: the
 * author may think that they decide such calls, but the name in the message decides them.
 */
export const unreachedMessage: Rule = ({ routes }) =>
  routes.flatMap(({ index, mcp }) =>
    [...(mcp?.methods.entries.keys() ?? [])].flatMap((pattern) => {
      const named = methodsDecidedByName().filter((method) => takesName(pattern, method));
      if (named.length === 0 || KNOWN_METHODS.some((method) => takesName(pattern, method))) return [];
      return [
        {
          route: index,
          path: ["routes", index, "mcp", "methods", pattern],
          message: `This entry does not decide \`${named.join("`, `")}\`: the name in such a message decides it.`,
          hint: "Write the names in `tools`, `resources` or `prompts`, and remove this entry.",
        },
      ];
    }),
  );
