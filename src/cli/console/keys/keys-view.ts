import { type Html, html } from "../../print/html.ts";
import { noPolicy } from "../parts/state-of-policy.ts";
import { shownPolicy } from "../view/policy-state.ts";
import type { ViewContext } from "../view/view-context.ts";

const TITLE = "Keys and issuers";

/** The issuers as the policy has them. */
export function keysView({ state }: ViewContext): Html {
  const policy = shownPolicy(state)?.policy;
  if (policy === undefined) return noPolicy(TITLE);
  const rows = Array.from(
    policy.issuers.values(),
    ({ name, issuer }) => html`<tr><th scope="row">${name}</th><td>${issuer}</td></tr>`,
  );
  return html`<h1>${TITLE}</h1>
<div class="scroll" tabindex="0" role="region" aria-label="Issuers"><table>
<thead><tr><th scope="col">Issuer</th><th scope="col">Address</th></tr></thead>
<tbody>${{ html: rows }}</tbody>
</table></div>`;
}
