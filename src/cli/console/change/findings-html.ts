import { counted } from "../../output.ts";
import { type Html, html } from "../../print/html.ts";
import { proseOf } from "../parts/prose-of.ts";
import type { ComparedChange } from "./compute/change-answer.ts";

/** Findings that the page shows. `check` has all of them. */
const MAX_FINDINGS = 100;

/** The warnings and notices that `check` did not give before. Nothing, if there are none. */
export function findingsHtml({ newFindings }: ComparedChange, policyName: string): Html {
  if (newFindings.length === 0) return html``;
  const items = newFindings.slice(0, MAX_FINDINGS).map(
    ({
      code,
      severity,
      message,
      hint,
      path,
      place,
    }) => html`<li><span class="severity ${severity}">${severity}</span> <b>${code}</b> <code class="place">${policyName}:${place.line}:${place.column}</code>
<p>${{ html: proseOf(message) }}</p>
<p class="hint"><code>${path}</code> ${{ html: proseOf(hint) }}</p></li>
`,
  );
  const left = newFindings.length - MAX_FINDINGS;
  const more =
    left > 0 ? html`<p class="more">${counted(left, "more finding")}. All of them: check --json</p>\n` : html``;
  return html`<section class="new-findings" aria-labelledby="new-findings">
<h2 id="new-findings">New warnings and notices <span class="count">${newFindings.length}</span></h2>
<ul class="findings">
${{ html: items }}</ul>
${{ html: more }}</section>
`;
}
