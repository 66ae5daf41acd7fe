import type { Result } from "../../../result.ts";
import { counted } from "../../output.ts";
import { type Html, html } from "../../print/html.ts";
import { proseOf } from "../parts/prose-of.ts";
import type { ViewContext } from "../view/view-context.ts";
import { clientsHtml } from "./clients-html.ts";
import type { ChangeAnswer, ComparedChange } from "./compute/change-answer.ts";
import { type Revision, shortId } from "./compute/revision.ts";
import { countKinds, kindSections } from "./difference-html.ts";
import { findingsHtml } from "./findings-html.ts";
import { guaranteesHtml } from "./guarantees-html.ts";
import { directionOf, SIGNS } from "./kind-texts.ts";

/** What there is to show. */
export interface ChangeResult {
  readonly context: Pick<ViewContext, "policyName" | "state">;
  /** The parameter of the address: `git:HEAD`. */
  readonly against: string;
  readonly found: Result<Revision, string>;
  /** `undefined`: it is being computed, or there is nothing to compare. */
  readonly answer: ChangeAnswer | undefined;
  /** The last version that could be compared. */
  readonly last: ComparedChange | undefined;
}

/** The part of the page that changes when the file does. */
export function resultHtml({ context, against, found, answer, last }: ChangeResult): Html {
  const { policyName, state } = context;
  if (!found.ok) return html`<p class="wrong">${{ html: proseOf(found.failure) }}</p>\n`;
  if (state.kind === "invalid" && state.last === undefined) {
    return html`<p>There is nothing to compare until the policy is valid.</p>\n`;
  }
  const heading = headingHtml(found.value, policyName);
  if (answer === undefined) {
    const again = `/change?${new URLSearchParams({ against })}`;
    return html`${{ html: heading }}<p class="computing" data-computing>Comparing both versions. <a href="${again}">Look again</a></p>\n`;
  }
  if (answer.kind === "compared") {
    const stale =
      state.kind === "valid" ? html`` : staleHtml(`${policyName} is invalid. This is the last valid version.`);
    return html`${{ html: heading }}${{ html: stale }}${{ html: comparedHtml(answer, found.value, policyName) }}`;
  }
  const lines = answer.lines.map((line) => html`<li><code>${line}</code></li>\n`);
  const whose = answer.version === "old" ? `The version of ${found.value.name}` : policyName;
  const wrong = html`<p class="wrong">${whose} cannot be compared:</p>\n<ol class="lines">\n${{ html: lines }}</ol>\n`;
  if (answer.version === "old" || last === undefined) return html`${{ html: heading }}${{ html: wrong }}`;
  const stale = staleHtml("This is the last version that could be compared.");
  return html`${{ html: heading }}${{ html: wrong }}${{ html: stale }}${{ html: comparedHtml(last, found.value, policyName) }}`;
}

function headingHtml({ name, commit }: Revision, policyName: string): Html {
  const { id, date, subject } = commit;
  return html`<p class="versions"><code>${name}</code> <span class="commit"><code>${shortId(id)}</code> <time datetime="${date}">${date.slice(0, 10)}</time> ${subject}</span> \u2192 <code>${policyName}</code></p>
`;
}

function staleHtml(text: string): Html {
  return html`<p class="stale">${text}</p>\n`;
}

function comparedHtml(compared: ComparedChange, { name }: Revision, policyName: string): Html {
  return html`${{ html: summaryHtml(compared, name) }}${{ html: guaranteesHtml(compared, policyName) }}${{ html: kindSections(compared) }}${{ html: clientsHtml(compared) }}${{ html: findingsHtml(compared, policyName) }}`;
}

/** How many changes there are, and of which kinds: the numbers of `diff`. */
function summaryHtml({ difference, isSameText }: ComparedChange, name: string): Html {
  const kinds = countKinds(difference);
  const total = kinds.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) {
    const clients = difference.clients.length > 0;
    const text = clients
      ? "Nothing changes except what clients can do."
      : isSameText
        ? `Nothing changes: the text is that of ${name}.`
        : "Nothing changes: the text differs, but it means the same.";
    return html`<p id="change-summary" class="summary">${text}</p>\n`;
  }
  const badges = kinds.map(([kind, count]) => {
    const direction = directionOf(kind);
    return html` <a class="badge ${direction}" href="#kind-${kind}"><span aria-hidden="true">${SIGNS[direction]}</span> ${count} ${kind}</a>`;
  });
  return html`<p id="change-summary" class="summary"><b>${counted(total, "change")}:</b>${{ html: badges }}</p>\n`;
}
