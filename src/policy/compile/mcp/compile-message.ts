import type { Fault, Report } from "../../fault.ts";
import type { Requirement } from "../../policy.ts";
import { type MessageConfig, NOT_IN_MCP } from "../schema/mcp-schema.ts";
import type { RouteConfig } from "../schema/route-schema.ts";
import type { Salvaged } from "../schema/salvaged.ts";

/** What a route or a message asks of tokens, besides scopes. */
const ASKED = ["issuers", "senderConstrained", "authentication"] as const;

/** These members of a route or a message, without the others. */
export function asksOfTokens(written: Salvaged<RouteConfig>): Salvaged<RouteConfig> {
  return Object.fromEntries(
    ASKED.flatMap((member) => (Object.hasOwn(written, member) ? [[member, written[member]]] : [])),
  );
}

/** Compiles the requirement of the route at a path, or returns `undefined` once a fault is reported. */
export interface CompilesRequirements {
  compile(route: Salvaged<RouteConfig>, path: Fault["path"]): Requirement | undefined;
}

/** What surrounds a message. */
interface MessageContext {
  /** The route as written. */
  readonly route: Salvaged<RouteConfig>;
  /** What the route asks of every token. */
  readonly requirement: Extract<Requirement, { readonly kind: "authenticated" }>;
  readonly requirements: CompilesRequirements;
}

/**
 * The requirement of the message at `path`, or `undefined` once a fault is reported. It includes what the route asks of
 * every token.
 */
export function compileMessage(
  message: Salvaged<MessageConfig>,
  path: Fault["path"],
  { route, requirement, requirements }: MessageContext,
  report: Report,
): Requirement | undefined {
  const open = NOT_IN_MCP.find((member) => Object.hasOwn(message, member));
  if (open !== undefined) {
    report(
      [...path, open],
      "Every message needs a token.",
      `Replace \`${open}\` by "authenticated": true, which any valid token meets, or by \`scopes\`.`,
    );
    return undefined;
  }
  if (!Object.hasOwn(message, "scopes") && !Object.hasOwn(message, "authenticated")) {
    report(
      path,
      "The entry does not say who may send this.",
      'Add "scopes" or "authenticated": true. Or remove the entry: what is not listed is refused.',
    );
    return undefined;
  }
  if (Object.hasOwn(message, "scopes") && Object.hasOwn(message, "authenticated")) {
    report(path, "The entry has `scopes` and `authenticated`.", "Keep one of them and remove the other.");
    return undefined;
  }
  for (const member of ASKED) {
    if (Object.hasOwn(message, member) && Object.hasOwn(route, member)) {
      report(
        [...path, member],
        `The route has \`${member}\`, too, and that applies to all its messages.`,
        "Keep one of them: in the route for all messages, or in each entry that needs it.",
      );
    }
  }
  if (reportParameters(message.scopes, [...path, "scopes"], report)) return undefined;
  const own = requirements.compile({ ...message, path: route.path }, path);
  if (own === undefined || own.kind === "public" || own.kind === "optional") return undefined;
  const { kind: _, ...ofRoute } = requirement;
  return Object.keys(ofRoute).length === 0 ? own : { ...ofRoute, ...own };
}

/**
 * Whether there are conditions on parameters of the path, each of which is reported: the path of an MCP route has none.
 */
function reportParameters(written: unknown, path: Fault["path"], report: Report): boolean {
  if (typeof written !== "object" || written === null) return false;
  if (Object.hasOwn(written, "param")) {
    report(
      [...path, "param"],
      "The path of an MCP route has no parameters.",
      'Compare a claim with fixed values: { "claim": "...", "in": [...] }.',
    );
    return true;
  }
  const items: readonly (readonly [string | number, unknown])[] = Array.isArray(written)
    ? [...written.entries()]
    : Object.entries(written);
  return items.filter(([step, item]) => reportParameters(item, [...path, step], report)).length > 0;
}
