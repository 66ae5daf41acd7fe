import type { Policy } from "../../policy.ts";
import { formulasOf } from "../formula.ts";
import { methodClasses, routeAt } from "../method-classes.ts";
import { pathClasses } from "../path-classes.ts";
import { type ClientChange, ClientComparer } from "./diff-clients.ts";
import { type RouteChange, RouteComparer } from "./diff-routes.ts";
import { diffSettings, type SettingChange } from "./diff-settings.ts";

/** How two policies differ in what they do. Three empty lists: in nothing. */
export interface PolicyDifference {
  readonly routes: readonly RouteChange[];
  /** What is not of one route, such as issuers. */
  readonly settings: readonly SettingChange[];
  readonly clients: readonly ClientChange[];
}

/**
 * Compares two policies by what becomes of every request: every class of paths, every method, every set of scopes that
 * a token may grant by full name. How the files are written plays no part, nor do the names of upstreams: where they
 * lead does. Of a client it is assumed that its tokens grant at most the scopes of its registration.
 *
 * Not compared: which refusal a request gets that is not served (400, 404 or 405), and the answers to CORS preflights.
 *
 * @throws TooManyPathClassesError, FormulaTooComplexError: nothing is known then
 */
export function diffPolicies(before: Policy, after: Policy): PolicyDifference {
  const formulaBefore = formulasOf(before.scopes);
  const formulaAfter = formulasOf(after.scopes);
  const routes = new RouteComparer();
  const ids = new Set([...before.clients.keys(), ...after.clients.keys()]);
  const clients = Array.from(ids, (id) => new ClientComparer(id, before.clients.get(id), after.clients.get(id)));
  for (const { path, leaves } of pathClasses([before.tree, after.tree])) {
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
