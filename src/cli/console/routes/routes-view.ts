import { formatRequirement } from "../../../policy/analysis/format-requirement.ts";
import { type Html, html } from "../../print/html.ts";
import { noPolicy } from "../parts/state-of-policy.ts";
import { shownPolicy } from "../view/policy-state.ts";
import type { ViewContext } from "../view/view-context.ts";

const TITLE = "Who may call what";

/** The routes with their requirements. */
export function routesView({ state }: ViewContext): Html {
  const policy = shownPolicy(state)?.policy;
  if (policy === undefined) return noPolicy(TITLE);
  const rows = policy.routes.map(
    (route) =>
      html`<tr><th scope="row"><b>${route.methods.join(" ")}</b> <code>${route.path}</code></th><td>${formatRequirement(route.requirement, policy)}</td><td>${route.upstream.name}</td></tr>`,
  );
  return html`<h1>${TITLE}</h1>
<div class="scroll" tabindex="0" role="region" aria-label="Routes"><table>
<thead><tr><th scope="col">Route</th><th scope="col">Requirement</th><th scope="col">Upstream</th></tr></thead>
<tbody>${{ html: rows }}</tbody>
</table></div>`;
}
