import { accessMatrix } from "../../../policy/analysis/access-matrix.ts";
import { mappedValues } from "../../../policy/analysis/mapped-values.ts";
import { rowCount } from "../../../policy/analysis/messages/route-rows.ts";
import { policyOn } from "../../../policy/analysis/reports.ts";
import { checkMatrixSize } from "../../matrix/matrix-size.ts";
import type { Html } from "../../print/html.ts";
import { noPolicy } from "../parts/state-of-policy.ts";
import { shownPolicy } from "../view/policy-state.ts";
import type { ViewContext } from "../view/view-context.ts";
import { matrixView } from "./matrix-view.ts";
import { rowRequests } from "./row-requests.ts";

/**
 * The routes, and who may call them. `?grants=1` adds the values that grant scopes, as `matrix --grants` does. Throws
 * `InputError` if the matrix is too large.
 */
export function routesView({ state, policyName, day }: ViewContext, { url }: Request): Html {
  const loaded = shownPolicy(state)?.policy;
  if (loaded === undefined) return noPolicy("Who may call what");
  const policy = policyOn(loaded, day);
  const query = new URL(url).searchParams;
  const values = mappedValues(policy).length;
  const hasGrants = query.has("grants");
  checkMatrixSize(rowCount(policy.routes), policy.clients.size + (hasGrants ? values : 0));
  const matrix = accessMatrix(policy, hasGrants);
  return matrixView({
    policyName,
    matrix,
    console: { requests: rowRequests(policy), query, hasGrants: values > 0 },
  });
}
