import { allowedOrigins } from "../../../http/allowed-origins.ts";
import { DEFAULT_MCP_BODY_BYTES } from "../../../limits.ts";
import type { Fault, Report } from "../../fault.ts";
import { MCP_TABLES, type McpRules, type McpTable, mcpRules } from "../../mcp/mcp-rules.ts";
import { NameTable } from "../../mcp/name-table.ts";
import type { Requirement, Upstream } from "../../policy.ts";
import { parsePathPattern } from "../../routing/path-pattern.ts";
import { checkOrigin } from "../addresses/check-origin.ts";
import type { McpConfig, MessageConfig } from "../schema/mcp-schema.ts";
import { NOT_BESIDE_MCP, type RouteConfig } from "../schema/route-schema.ts";
import type { Salvaged } from "../schema/salvaged.ts";
import { checkName } from "./check-name.ts";
import { asksOfTokens, type CompilesRequirements, compileMessage } from "./compile-message.ts";

/** The methods of HTTP that an MCP route serves: messages are posted, and streams are opened and ended. */
export function httpMethodsOf({ streams }: { readonly streams?: unknown }): readonly string[] {
  return streams === undefined ? ["POST"] : ["POST", "GET", "DELETE"];
}

/** The compiled parts of the file that the rules refer to. */
interface McpParts {
  readonly requirements: CompilesRequirements;
  /** The route's upstream; `undefined`: it is faulty. */
  readonly upstream: Upstream | undefined;
}

/**
 * Compiles `mcp` of the route at `path`. What the route itself asks of tokens (`issuers`, `senderConstrained`,
 * `authentication`) holds for every message.
 *
 * @param route with the pattern of its path, if that has no fault
 * @returns the rules with the requirement of the route, or `undefined` once a fault is reported
 */
export function compileMcp(
  route: Salvaged<RouteConfig>,
  path: Fault["path"],
  { requirements, upstream }: McpParts,
  report: Report,
): { readonly rules: McpRules; readonly requirement: Requirement } | undefined {
  reportMembersBeside(route, path, report);
  reportVariablePath(route.path, [...path, "path"], report);
  if (upstream?.forwardAuthorization) {
    report(
      [...path, "upstream"],
      `The upstream \`${upstream.name}\` gets the caller's token, which is not meant for it.`,
      "Remove its `forwardAuthorization`: an MCP server must not get tokens that were issued for the gateway.",
    );
  }
  const requirement = requirements.compile({ ...asksOfTokens(route), authenticated: true }, path);
  const { mcp } = route;
  if (mcp === undefined || requirement?.kind !== "authenticated") return undefined;
  const at = [...path, "mcp"];
  const compile = (message: Salvaged<MessageConfig> | undefined, place: Fault["path"]): Requirement | undefined =>
    message && compileMessage(message, place, { route, requirement, requirements }, report);
  if (MCP_TABLES.every((table) => Object.keys(mcp[table] ?? {}).length === 0) && !hasFaultyTable(mcp)) {
    report(at, "The route serves no message.", "List in `methods` and `tools` what may be called.");
  }
  const tables = MCP_TABLES.map((table): [McpTable, NameTable] => {
    const entries = Object.entries(mcp[table] ?? {}).flatMap(([name, message]): [string, Requirement][] => {
      const place = [...at, table, name];
      const compiled = compile(message, place);
      return checkName(table, name, place, report) && compiled ? [[name, compiled]] : [];
    });
    return [table, new NameTable(entries)];
  });
  const streams = compile(mcp.streams, [...at, "streams"]);
  const replies = compile(mcp.replies, [...at, "replies"]);
  const origins = mcp.origins && compileOrigins(mcp.origins, [...at, "origins"], report);
  const rules = mcpRules({
    ...(mcp.name !== undefined && { name: mcp.name }),
    ...(Object.fromEntries(tables) as Record<McpTable, NameTable>),
    ...(streams && { streams }),
    ...(replies && { replies }),
    ...(origins && { origins }),
    maxBodyBytes: mcp.maxBodyBytes ?? DEFAULT_MCP_BODY_BYTES,
    filterLists: mcp.filterLists ?? false,
  });
  return { rules, requirement };
}

/** The metadata of the resource names exactly one address, and clients compare it with the one that they call. */
function reportVariablePath(pattern: string | undefined, path: Fault["path"], report: Report): void {
  const segments = pattern === undefined ? undefined : parsePathPattern(pattern);
  if (segments?.ok && segments.value.some(({ kind }) => kind !== "literal")) {
    report(
      path,
      "The path of an MCP route has a parameter or a `*`.",
      "Write one route for each server: its metadata names exactly one address.",
    );
  }
}

function reportMembersBeside(route: Salvaged<RouteConfig>, path: Fault["path"], report: Report): void {
  for (const member of NOT_BESIDE_MCP) {
    if (!Object.hasOwn(route, member)) continue;
    if (member === "methods") {
      const hint = "Remove `methods`: messages are posted, and `streams` of `mcp` opens GET and DELETE.";
      report([...path, member], "The methods of an MCP route follow from its messages.", hint);
    } else {
      const hint = `Remove \`${member}\`: write what each message requires in the tables of \`mcp\`.`;
      report([...path, member], "The messages of an MCP route have requirements of their own.", hint);
    }
  }
}

const EVERY_ORIGIN = {
  message: "The pages of every site could send messages.",
  hint: "List the origins, for example https://app.example.",
};

/** A page of another origin must not use a browser's token here, so no `*` alone: each origin is named. */
function compileOrigins(
  origins: readonly (string | undefined)[],
  path: Fault["path"],
  report: Report,
): McpRules["origins"] {
  for (const [index, origin] of origins.entries()) {
    const found = origin === undefined ? undefined : origin === "*" ? EVERY_ORIGIN : checkOrigin(origin);
    if (found) report([...path, index], found.message, found.hint);
  }
  return allowedOrigins(origins.filter((origin) => origin !== undefined));
}

function hasFaultyTable(mcp: Salvaged<McpConfig>): boolean {
  return MCP_TABLES.some((table) => Object.hasOwn(mcp, table) && mcp[table] === undefined);
}
