import { type Html, html } from "../../print/html.ts";
import type { ViewContext } from "../view/view-context.ts";

/** Whether the file can be compared. */
export function changeView({ policyName, state }: ViewContext): Html {
  return html`<h1>What the change opens and closes</h1>
<p>${policyName} is ${state.kind}.</p>`;
}
