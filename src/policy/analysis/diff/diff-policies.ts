import type { Policy } from "../../policy.ts";
import { effectiveScopes, issOf } from "../client-access.ts";
import { createFormulaOf } from "../formula.ts";
import { methodClasses, routeAt } from "../method-classes.ts";
import type { OnStep } from "../on-step.ts";
import { pathClasses } from "../paths/path-classes.ts";
import { routeTree } from "../route-tree.ts";
import { type ClientChange, ClientComparer, type ClientScopes } from "./client-comparer.ts";
import { diffSettings } from "./diff-settings.ts";
import { type ClientPair, pairClients } from "./pair-clients.ts";
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
 * files are written. `clientAccess` says what it assumes of the tokens of clients.
 *
 * It does not compare how requests that no route serves are refused (400, 404 or 405), nor the answers to CORS
 * preflights.
 *
 * @param onStep is told what is compared, at every class of paths
 * @throws UndecidedError
 */
export function diffPolicies(before: Policy, after: Policy, onStep: OnStep = () => {}): PolicyDifference {
  const formulaBefore = createFormulaOf(before.scopes);
  const formulaAfter = createFormulaOf(after.scopes);
  const routes = new RouteComparer();
  const clients = new ClientComparer(
    pairClients(before, after).map((pair) => ({ name: pair.name, scopes: scopesOf(pair, before, after) })),
  );
  for (const { path, leaves } of pathClasses([routeTree(before), routeTree(after)])) {
    onStep("comparing the requests of both policies");
    const { listed, other } = methodClasses(leaves);
    for (const method of listed.concat(other ?? [])) {
      const [old, now] = [routeAt(leaves[0], method), routeAt(leaves[1], method)];
      if (old === undefined && now === undefined) continue;
      const call = { method, path, label: method === other ? "*" : method };
      const was = old && { route: old, formula: formulaBefore(old.requirement) };
      const is = now && { route: now, formula: formulaAfter(now.requirement) };
      routes.compare(was, is, call);
      clients.compare(was, is, call);
    }
  }
  return {
    routes: routes.changes(),
    settings: diffSettings(before, after),
    clients: clients.changes(),
  };
}

function scopesOf({ before: old, after: now }: ClientPair, before: Policy, after: Policy): ClientScopes {
  const was = old && { iss: issOf(before, old.issuer), id: old.id };
  const is = now && { iss: issOf(after, now.issuer), id: now.id };
  const scopesIn = (policy: Policy, token: typeof was, held: Iterable<string> = []) =>
    token && effectiveScopes(policy, token.iss, token.id, held);
  return {
    before: scopesIn(before, was, old?.scopes),
    after: scopesIn(after, is, now?.scopes),
    still: [was, is].map((token) => scopesIn(after, token, old?.scopes)),
  };
}
