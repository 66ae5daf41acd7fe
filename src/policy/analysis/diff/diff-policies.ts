import type { Client, Policy } from "../../policy.ts";
import { withImplied } from "../../scopes.ts";
import { createFormulaOf } from "../formula.ts";
import { methodClasses, routeAt } from "../method-classes.ts";
import { pathClasses } from "../paths/path-classes.ts";
import { routeTree } from "../route-tree.ts";
import { type ClientChange, ClientComparer } from "./client-comparer.ts";
import { diffSettings } from "./diff-settings.ts";
import { pairClients } from "./pair-clients.ts";
import { type RouteChange, RouteComparer } from "./route-comparer.ts";
import type { SettingChange } from "./setting-change.ts";

/** How two policies differ in what they do. If all three lists are empty, they do the same. */
export interface PolicyDifference {
  readonly routes: readonly RouteChange[];
  /** Changes outside routes, such as those of issuers. */
  readonly settings: readonly SettingChange[];
  readonly clients: readonly ClientChange[];
}

/**
 * Compares two policies by what they do with every request: every class of paths, every method, and every set of scopes
 * that a token may grant by full name. It compares where upstreams lead, not what they are called, and it ignores how the
 * files are written. It assumes that a client's tokens grant at most the scopes of its registration.
 *
 * It does not compare how requests that no route serves are refused (400, 404 or 405), nor the answers to CORS
 * preflights.
 *
 * @throws UndecidedError
 */
export function diffPolicies(before: Policy, after: Policy): PolicyDifference {
  const formulaBefore = createFormulaOf(before.scopes);
  const formulaAfter = createFormulaOf(after.scopes);
  const routes = new RouteComparer();
  const clients = pairClients(before, after).map(
    ({ name, before: old, after: now }) =>
      new ClientComparer(name, effectiveScopesOf(before, old), effectiveScopesOf(after, now)),
  );
  for (const { path, leaves } of pathClasses([routeTree(before), routeTree(after)])) {
    const { listed, other } = methodClasses(leaves);
    for (const method of listed.concat(other ?? [])) {
      const [old, now] = [routeAt(leaves[0], method), routeAt(leaves[1], method)];
      if (old === undefined && now === undefined) continue;
      const call = { method, path, label: method === other ? "*" : method };
      const was = old && { route: old, formula: formulaBefore(old.requirement) };
      const is = now && { route: now, formula: formulaAfter(now.requirement) };
      routes.compare(was, is, call);
      for (const client of clients) client.compare(was, is, call);
    }
  }
  return {
    routes: routes.changes(),
    settings: diffSettings(before, after),
    clients: clients.map((client) => client.change()).filter(({ gained, lost }) => gained.length + lost.length > 0),
  };
}

/** `undefined`: the policy has no such client. */
function effectiveScopesOf({ scopes }: Policy, client: Client | undefined): ReadonlySet<string> | undefined {
  return client && withImplied(scopes, client.scopes);
}
