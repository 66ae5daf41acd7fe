import { accessMatrix } from "../../../policy/analysis/access-matrix.ts";
import { mappedValues } from "../../../policy/analysis/mapped-values.ts";
import { rowCount } from "../../../policy/analysis/messages/route-rows.ts";
import { policyOn } from "../../../policy/analysis/reports.ts";
import type { Policy } from "../../../policy/policy.ts";
import { checkMatrixSize } from "../../matrix/matrix-size.ts";
import type { Html } from "../../print/html.ts";
import type { GuaranteesAnswer, GuaranteesQuestion } from "../guarantees/broken-guarantees.ts";
import { brokenHtml } from "../guarantees/broken-html.ts";
import { latestGuarantees } from "../guarantees/latest-guarantees.ts";
import { computeInThread } from "../parts/compute-in-thread.ts";
import { noPolicy } from "../parts/state-of-policy.ts";
import { shownPolicy } from "../view/policy-state.ts";
import type { ViewContext } from "../view/view-context.ts";
import { type MatrixContent, matrixContent, matrixView } from "./matrix-view.ts";
import { rowRequests } from "./row-requests.ts";
import { valueClients } from "./value-clients.ts";

/** How long a page waits for the proof of the guarantees. Most policies take less, the start of the thread included. */
const PATIENCE_MS = 2_500;

/** Shared by all pages. */
const GUARANTEES = latestGuarantees(
  computeInThread<GuaranteesQuestion, GuaranteesAnswer>("cli/console/guarantees/guarantees-thread"),
);

/** The last content that was computed of a policy, so that "back" from a reason does not compute it again. */
const KNOWN = new WeakMap<Policy, { readonly key: string; readonly content: MatrixContent }>();

/**
 * The routes, and who may call them. `?grants=1` adds the values that grant scopes, as `matrix --grants` does. Says
 * above them which guarantees are broken, so that nothing that `check` refuses looks fine. Throws `InputError` if the
 * matrix is too large.
 */
export async function routesView({ state, policyName, day }: ViewContext, { url }: Request): Promise<Html> {
  const loaded = shownPolicy(state);
  if (loaded === undefined) return noPolicy("Who may call what");
  const { searchParams: query, search } = new URL(url);
  const hasGrants = mappedValues(loaded.policy).length > 0;
  // A thread proves while this one computes the matrix.
  const [answer, content] = await Promise.all([
    GUARANTEES(loaded, day, PATIENCE_MS),
    Promise.resolve().then(() => contentOf(loaded.policy, day, query.has("grants"))),
  ]);
  const notice = brokenHtml(answer, `/${search}`);
  return matrixView({ policyName, content, console: { query, hasGrants, notice } });
}

function contentOf(loaded: Policy, day: string, withGrants: boolean): MatrixContent {
  const key = `${day} ${withGrants}`;
  const known = KNOWN.get(loaded);
  if (known?.key === key) return known.content;
  const policy = policyOn(loaded, day);
  const values = withGrants ? mappedValues(policy).length : 0;
  checkMatrixSize(rowCount(policy.routes), policy.clients.size + values);
  const reasons = { requests: rowRequests(policy), clients: withGrants ? valueClients(policy) : undefined };
  const content = matrixContent(accessMatrix(policy, withGrants), reasons);
  KNOWN.set(loaded, { key, content });
  return content;
}
