import type { DecisionTable, TableRow } from "../../testing/table/decision-table.ts";

/** The path of the JSON Schema in a project, for editors. A newer version of Scopegate has it at the same place. */
const SCHEMA = "./node_modules/scopegate/lib/testing/routes.test.schema.json";

/**
 * Whom a project lets in: the client of this id, nobody yet (`undefined`), or any client of the issuer, because its
 * tokens name none.
 */
export type FirstCaller = { readonly client: string | undefined } | "any client";

/**
 * The `routes.test.json` of a project: what callers of each collection may do. Together the rows cover every route, if
 * somebody is let in.
 *
 * @param collections names of the upstreams, which are the names of their collections, too
 */
export function projectDecisions(collections: readonly string[], caller: FirstCaller): string {
  const [first = ""] = collections;
  const table: DecisionTable = {
    $schema: SCHEMA,
    tests: [
      ...collections.flatMap((name) => rowsOf(name, caller)),
      refused("a path without a route", `/${first}/1/elsewhere`, "route-unknown"),
      refused("a path that can be read in two ways", `/${first}/..%2Felsewhere`, "path-ambiguous"),
    ],
  };
  return `${JSON.stringify(table, null, 2)}\n`;
}

function rowsOf(name: string, caller: FirstCaller): readonly TableRow[] {
  const closed = refused(`nobody reads ${name} without a token`, `/${name}`, "credentials-missing");
  if (caller === "any client") return [...rowsFor(name, {}), closed];
  const { client } = caller;
  const unregistered = {
    ...refused(`no client that is not registered reads ${name}`, `/${name}`, "client-mismatch"),
    scopes: [`read:${name}`],
  };
  if (client === undefined) return [closed, unregistered];
  const forwarded = { outcome: "forwarded", upstream: name } as const;
  return [
    { name: `${client} reads ${name}`, method: "GET", path: `/${name}`, client, expect: forwarded },
    { name: `${client} adds to ${name}`, method: "POST", path: `/${name}`, client, expect: forwarded },
    ...rowsFor(name, { client }),
    closed,
    unregistered,
  ];
}

/** What each scope opens. */
function rowsFor(name: string, caller: { readonly client?: string }): readonly TableRow[] {
  const item = `/${name}/1`;
  const read = { ...caller, scopes: [`read:${name}`] };
  const write = { ...caller, scopes: [`write:${name}`] };
  const forwarded = { outcome: "forwarded", upstream: name } as const;
  const lacking = { outcome: "refused", reason: "scope-insufficient" } as const;
  return [
    { name: `read:${name} reads one`, method: "GET", path: item, ...read, expect: forwarded },
    { name: `write:${name} deletes one`, method: "DELETE", path: item, ...write, expect: forwarded },
    { name: `write:${name} reads none`, method: "GET", path: item, ...write, expect: lacking },
    { name: `read:${name} adds none`, method: "POST", path: `/${name}`, ...read, expect: lacking },
    { name: `read:${name} deletes none`, method: "DELETE", path: item, ...read, expect: lacking },
  ];
}

function refused(name: string, path: string, reason: string): TableRow {
  return { name, method: "GET", path, expect: { outcome: "refused", reason } };
}
