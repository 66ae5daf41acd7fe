import { counted } from "../../output.ts";
import { type Html, html } from "../../print/html.ts";
import type { PolicyState } from "../view/policy-state.ts";

/** Faults that a page lists; the others are counted. */
const MAX_LISTED_FAULTS = 50;

/**
 * Says in the shell that the file is invalid, with its faults, and what the page shows instead. Nothing if it is valid.
 */
export function stateOfPolicy(state: PolicyState, policyName: string): Html {
  if (state.kind === "valid") return html``;
  const { lines, last } = state;
  const rest = lines.length - MAX_LISTED_FAULTS;
  const items = lines.slice(0, MAX_LISTED_FAULTS).map((line) => html`<li><code>${line}</code></li>`);
  const more = rest > 0 ? html`<p>${counted(rest, "more fault")} ${rest === 1 ? "is" : "are"} not listed.</p>` : html``;
  const shown =
    last === undefined
      ? "No version of it has been valid since the console started."
      : "This page shows the last valid version.";
  return html`<section class="faults" aria-labelledby="faults" role="status">
<h2 id="faults">${policyName} is invalid: ${counted(lines.length, "fault")}. ${shown}</h2>
<ol tabindex="0" aria-labelledby="faults">${{ html: items }}</ol>${{ html: more }}
</section>`;
}

/** What a view shows in place of its content if no version of the policy has been valid. */
export function noPolicy(title: string): Html {
  return html`<h1>${title}</h1>
<p>There is nothing to show until the policy is valid.</p>`;
}
