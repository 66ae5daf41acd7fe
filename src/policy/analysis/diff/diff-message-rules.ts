import { allowedOrigins } from "../../../http/allowed-origins.ts";
import type { McpRules } from "../../mcp/mcp-rules.ts";
import type { Policy, Route } from "../../policy.ts";
import { type Comparers, compareMembers } from "./settings/comparers.ts";
import type { SettingChange } from "./settings/setting-change.ts";
import { noteOrigins } from "./settings/shared/note-origins.ts";

/**
 * Compares what MCP routes with the same path and hosts have besides requirements. `CallComparer` compares what both
 * policies do with each message.
 */
export function diffMessageRules(
  before: Pick<Policy, "routes">,
  after: Pick<Policy, "routes">,
): readonly SettingChange[] {
  const were = new Map(rulesOf(before).map(({ key, rules }) => [key, rules]));
  const changes: SettingChange[] = [];
  for (const { key, index, rules } of rulesOf(after)) {
    const was = were.get(key);
    if (was === undefined) continue;
    compareMembers(was, rules, RULES, (member, kind, message) =>
      changes.push({ kind, path: ["routes", index, "mcp", member], message }),
    );
  }
  return changes;
}

function rulesOf({ routes }: Pick<Policy, "routes">) {
  return routes.flatMap((route) =>
    route.mcp === undefined ? [] : [{ key: keyOf(route), index: route.index, rules: route.mcp }],
  );
}

function keyOf({ path, hosts }: Route): string {
  return JSON.stringify([decodeURIComponent(path), hosts && [...hosts].sort()]);
}

const NO_ORIGINS = allowedOrigins([]);

const RULES: Comparers<McpRules> = {
  origins: (was = NO_ORIGINS, is = NO_ORIGINS, note) => noteOrigins(was, is, note),
  maxBodyBytes(was, is, note) {
    if (was !== is) note(was < is ? "looser" : "tighter", `Messages had at most ${was} bytes and now have ${is}.`);
  },
  filterLists(was, is, note) {
    if (was === is) return;
    // Only the lists change: a call is decided in the same way.
    note(
      "other",
      is ? "Lists now leave out what the token may not use." : "Lists now show what the token may not use.",
    );
  },
  // It is the name of the protected resource.
  name: "elsewhere",
  // Every class of messages is compared.
  methods: "elsewhere",
  tools: "elsewhere",
  resources: "elsewhere",
  prompts: "elsewhere",
  streams: "elsewhere",
  replies: "elsewhere",
  requirements: "elsewhere",
};
