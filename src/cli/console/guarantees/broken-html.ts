import { callOf } from "../../args/command.ts";
import { counted } from "../../output.ts";
import { type Html, html } from "../../print/html.ts";
import { requestText } from "../../print/request-text.ts";
import { whyLink } from "../change/why-link.ts";
import type { GuaranteesAnswer } from "./broken-guarantees.ts";

/** Broken guarantees that a page names. `prove` has all of them. */
const MAX_NAMED = 5;

/**
 * Says which guarantees the policy breaks, each with a link to the reason of a call that shows it. Nothing, if it
 * breaks none.
 *
 * @param answer `undefined`: it is being computed
 * @param again the address of the page itself
 */
export function brokenHtml(answer: GuaranteesAnswer | undefined, again: string): Html {
  if (answer === undefined) {
    return html`<p class="quiet">The guarantees are being proved. <a href="${again}">Look again</a></p>\n`;
  }
  const more = html`<a href="/change#guarantees">Change</a> and <code>${callOf({ name: "prove" })}</code> say more.`;
  if ("undecided" in answer) {
    return html`<div class="broken-guarantees"><p class="wrong">It is not known whether the guarantees hold.</p>
${{ html: answer.undecided.map((line) => html`<p>${line}</p>\n`) }}<p>${{ html: more }}</p></div>
`;
  }
  if (answer.length === 0) return html``;
  const items = answer
    .slice(0, MAX_NAMED)
    .map(
      ({ name, call, caller }) =>
        html`<li><b>${name}</b>: <a href="${whyLink(call)}">${requestText(call)}, ${caller}</a></li>\n`,
    );
  const rest = answer.length - MAX_NAMED;
  const others = rest > 0 ? html`<li>${counted(rest, "more guarantee")}</li>\n` : html``;
  return html`<div class="broken-guarantees"><p class="wrong">${counted(answer.length, "guarantee")} ${answer.length === 1 ? "is" : "are"} broken, so <code>check</code> refuses this policy:</p>
<ul>
${{ html: items }}${{ html: others }}</ul>
<p>${{ html: more }}</p></div>
`;
}
