import { counted } from "../../output.ts";
import { type Html, html } from "../../print/html.ts";
import { noPolicy } from "../parts/state-of-policy.ts";
import { shownPolicy } from "../view/policy-state.ts";
import type { ViewContext } from "../view/view-context.ts";

const TITLE = "Why?";

/** Who can be asked about. */
export function whyView({ state }: ViewContext): Html {
  const policy = shownPolicy(state)?.policy;
  if (policy === undefined) return noPolicy(TITLE);
  return html`<h1>${TITLE}</h1>
<p>The policy has ${counted(policy.clients.size, "client")} and ${counted(policy.routes.length, "route")}.</p>`;
}
