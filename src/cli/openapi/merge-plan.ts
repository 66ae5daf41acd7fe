import { isObject } from "../../json/json-object.ts";
import { type Insertion, insertJson } from "../../policy/source/insert-json.ts";
import type { ImportPlan } from "./plan-import.ts";
import type { NewScope } from "./scope-namer.ts";

/**
 * Adds the routes and scopes of a plan to the text of a policy. The existing text is not changed by a single letter.
 */
export function mergePlan(text: string, { routes, scopes }: Pick<ImportPlan, "routes" | "scopes">): string {
  const insertions = [
    ...scopeInsertions(JSON.parse(text), scopes),
    { path: ["routes"], entries: routes.map((route) => [undefined, route] as const) },
  ];
  return insertions.reduce(insertJson, text);
}

function scopeInsertions(file: unknown, scopes: readonly NewScope[]): readonly Insertion[] {
  const servers = isObject(file) ? file["resourceServers"] : undefined;
  const missing = new Map<string, Record<string, unknown>>();
  const insertions: Insertion[] = [];
  for (const [identifier, news] of Map.groupBy(scopes, ({ resourceServer }) => resourceServer)) {
    const entries = news.map(({ shortName, description }) => [shortName, description] as const);
    if (isObject(servers) && Object.hasOwn(servers, identifier)) {
      insertions.push({ path: ["resourceServers", identifier, "scopes"], entries });
    } else missing.set(identifier, { scopes: Object.fromEntries(entries) });
  }
  if (missing.size === 0) return insertions;
  const entries = [...missing];
  return isObject(servers)
    ? [...insertions, { path: ["resourceServers"], entries }]
    : [...insertions, { path: [], entries: [["resourceServers", Object.fromEntries(entries)]] }];
}
