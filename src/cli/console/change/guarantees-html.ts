import { counted } from "../../output.ts";
import { type Html, html } from "../../print/html.ts";
import { requestText } from "../../print/request-text.ts";
import type { ComparedChange } from "./compute/change-answer.ts";
import type { GuaranteeChange, Verdict } from "./compute/guarantee-changes.ts";
import { callHtml } from "./difference-html.ts";

/** The guarantees before and now, as `prove` says. Those that hold as before are listed last, and closed. */
export function guaranteesHtml({ guarantees }: ComparedChange, policyName: string): Html {
  if ("undecided" in guarantees) {
    const lines = guarantees.undecided.map((line) => html`<p>${line}</p>\n`);
    return section(html`<p class="wrong">It is not known whether they hold.</p>\n${{ html: lines }}`, 0);
  }
  if (guarantees.length === 0) return html``;
  const isQuiet = ({ before, after }: GuaranteeChange) => after?.holds === true && wordOf(before) === wordOf(after);
  const told = guarantees.filter((it) => !isQuiet(it)).map((it) => guaranteeHtml(it, policyName));
  const quiet = guarantees.filter(isQuiet).map((it) => guaranteeHtml(it, policyName));
  const list = told.length === 0 ? html`` : html`<ul class="guarantees">\n${{ html: told }}</ul>\n`;
  const rest =
    quiet.length === 0
      ? html``
      : html`<details data-key="guarantees-as-before"><summary>${counted(quiet.length, "guarantee")} as before</summary>
<ul class="guarantees">\n${{ html: quiet }}</ul></details>\n`;
  return section(html`${{ html: list }}${{ html: rest }}`, guarantees.length);
}

function section(content: Html, count: number): Html {
  return html`<section class="proofs" aria-labelledby="guarantees">
<h2 id="guarantees">Guarantees <span class="count">${count || ""}</span></h2>
${{ html: content }}</section>
`;
}

function guaranteeHtml(
  { name, before, after, place, breaches, moreBreaches }: GuaranteeChange,
  policyName: string,
): Html {
  const [was, is] = [wordOf(before), wordOf(after)];
  const words = was === is ? is : `${was} \u2192 ${is}`;
  const where =
    place === undefined ? html`` : html` <code class="place">${policyName}:${place.line}:${place.column}</code>`;
  const items = breaches.map(
    ({ call, caller }) => html`<li>${{ html: callHtml(`${requestText(call)}, ${caller}`, call) }}</li>`,
  );
  const more = moreBreaches > 0 ? html`<li>${counted(moreBreaches, "more call")}: see prove</li>` : html``;
  const list = items.length === 0 ? html`` : html`\n<ul class="examples">${{ html: items }}${{ html: more }}</ul>`;
  return html`<li class="${after?.holds === false ? "broken" : "held"}"><span class="verdict">${words}</span> <b>${name}</b>${{ html: where }}${{ html: list }}</li>
`;
}

/** A verdict in the words of `prove`. */
function wordOf(verdict: Verdict | undefined): string {
  if (verdict === undefined) return "absent";
  if (!verdict.holds) return "BROKEN";
  if (verdict.isIdle) return "idle";
  return verdict.isAssumed ? "holds (assumed)" : "holds";
}
