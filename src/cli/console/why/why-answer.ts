import type { Explanation, StageOutcome } from "../../../explain/explanation.ts";
import { isNestedDeeper } from "../../../json/is-nested-deeper.ts";
import { MAX_JSON_NESTING } from "../../../limits.ts";
import type { Fault } from "../../../policy/fault.ts";
import type { Policy } from "../../../policy/policy.ts";
import { shortened } from "../../explain/details.ts";
import { askedText, endingOf } from "../../explain/format-explanation.ts";
import { reportLines } from "../../explain/report-lines.ts";
import { stageDetails } from "../../explain/stage-details.ts";
import { withClientTitles } from "../../explain/with-client-titles.ts";
import { type Html, html } from "../../print/html.ts";
import { proseOf } from "../parts/prose-of.ts";
import { type Question, whyAddress } from "../parts/why-address.ts";
import type { Reply } from "./ask-why.ts";
import { type DetailContext, detailList } from "./detail-list.ts";
import { linesOf } from "./lines-of.ts";
import { linkedPaths } from "./linked-paths.ts";
import { looksLikeToken, withoutCaller } from "./question.ts";

/** What the parts of an answer need beside it. */
export interface AnswerContext {
  readonly question: Question;
  readonly policy: Policy;
  /** The file, line and column of a place in the policy. */
  readonly placeOf: (path: Fault["path"]) => string;
  /** Whether the caller is the holder of a pasted token, which no link has. */
  readonly hasToken: boolean;
  /** The same question in a terminal. */
  readonly command: string;
}

/** The answer to a question: how the request ends, the six stages, and what the caller and the upstream get. */
export function whyAnswer(reply: Reply, context: AnswerContext): Html {
  const { explanation } = reply;
  const { caller, hints } = explanation;
  const { verdict, more, tone } = endingOf(explanation);
  const notes = caller.remarks.map((remark) => html`<li>${{ html: proseOf(shortened(remark)) }}</li>`);
  const advice = hints.map((hint) => html`<li>${{ html: linkedPaths(shortened(hint), context) }}</li>`);
  const forPeople = withClientTitles(explanation, context.policy);
  const shown = { question: context.question, sufficient: explanation.requirement?.sufficient ?? [] };
  const stages = explanation.stages.map((stage) => stageItem(stage, forPeople, context.placeOf, shown));
  const { env } = context.question;
  const where = env === undefined ? html`` : html`, in the environment <code>${env}</code>`;
  const reported = reportLines(explanation).map((line) => html`<p class="reported">${line}</p>`);
  return html`<section class="answer" aria-labelledby="asked" data-from="${context.hasToken ? "token" : "address"}">
<h2 id="asked"><code>${askedText(explanation)}</code></h2>
<p class="who">asked by ${{ html: proseOf(shortened(caller.description)) }}${{ html: where }}</p>
<p class="verdict ${tone}"><strong>${verdict}</strong> ${more}</p>
${{ html: reported }}
${{ html: listOf("Hints", "hints", advice) }}
${{ html: listOf("Notes", "notes", notes) }}
${{ html: linkOf(context) }}
<h3>The six stages</h3>
<ol class="stages">${{ html: stages }}</ol>
${{ html: upstreamPart(explanation) }}
${{ html: answerPart(reply) }}
${{ html: tokenPart(reply.claims) }}
<h3>In a terminal</h3>
<p><code>${context.command}</code></p>
</section>`;
}

function listOf(title: string, name: string, items: readonly Html[]): Html {
  return items.length === 0 ? html`` : html`<h3>${title}</h3>\n<ul class="${name}">${{ html: items }}</ul>`;
}

function linkOf({ question, hasToken }: AnswerContext): Html {
  const address = whyAddress(hasToken ? withoutCaller(question) : question);
  const text = hasToken ? "The same request without a token" : "The address of this question";
  return html`<p class="link"><a href="${address}">${text}</a> <button type="button" class="copy" data-copy="${address}" hidden>Copy link</button> <span class="copied" role="status"></span> <a class="next" href="#ask">Ask something else</a></p>`;
}

/** A sign as well as a colour, because not everybody sees colours, and paper may not have them. */
const SIGNS: Readonly<Record<StageOutcome["outcome"], { readonly sign: string; readonly name: string }>> = {
  passed: { sign: "\u2713", name: "passed" },
  refused: { sign: "\u2715", name: "refused" },
  "would refuse": { sign: "!", name: "would-refuse" },
  "not needed": { sign: "\u2013", name: "not-needed" },
  "not reached": { sign: "\u00b7", name: "not-reached" },
};

/** Longer lists than in a terminal: a page can be scrolled, and searched. */
const ON_PAGE = { names: 200, lines: 100 };

function stageItem(
  { stage, outcome }: StageOutcome,
  explanation: Explanation,
  placeOf: AnswerContext["placeOf"],
  context: DetailContext,
): Html {
  const { sign, name } = SIGNS[outcome];
  // The headers for the upstream have a table of their own.
  const found =
    stage !== "prepare"
      ? detailList(stageDetails(stage, explanation, placeOf, ON_PAGE), context)
      : explanation.forwarded === undefined
        ? html``
        : html`<a href="#upstream">What the upstream gets</a>`;
  return html`<li class="stage ${name}"><span class="sign" aria-hidden="true">${sign}</span><b>${stage}</b> <span class="outcome">${outcome}</span><div class="found">${{ html: found }}</div></li>`;
}

function upstreamPart({ forwarded }: Explanation): Html {
  if (forwarded === undefined) return html``;
  const { upstream, to, headers, assertion } = forwarded;
  const claims = Object.entries(assertion ?? {}).map(([name, value]) => [name, JSON.stringify(value)] as const);
  const signed =
    claims.length === 0
      ? html``
      : html`<h4>Claims that the gateway signs (<code>txn-token</code>)</h4>${{ html: valueTable("Claim", claims) }}`;
  return html`<h3 id="upstream">What the upstream gets</h3>
<p>${upstream}: <code>${to}</code></p>
<p class="note">The gateway writes these headers. It passes on the caller's other headers, except those that it removes.</p>
${{ html: valueTable("Header", Object.entries(headers)) }}${{ html: signed }}`;
}

function answerPart({ explanation: { refusal, report }, answer }: Reply): Html {
  if (answer === undefined) return html``;
  const title =
    refusal === undefined && report !== undefined
      ? `What the caller gets from ${report.enforcedFrom} on (UTC)`
      : "What the caller gets";
  return html`<h3>${title}</h3>
<p>Status <b>${answer.status}</b>, reason <code>${(refusal ?? report?.refusal)?.reason ?? ""}</code></p>
${{ html: valueTable("Header", Object.entries(answer.headers)) }}
<pre tabindex="0" aria-label="Body of the answer">${{ html: linesOf(indented(answer.body)) }}</pre>`;
}

/** The claims as the token has them. One that may hold a token itself is not shown. */
function tokenPart(claims: Reply["claims"]): Html {
  if (claims === undefined) return html``;
  const values = Object.entries(claims).flatMap(([name, value]) =>
    looksLikeToken(name) ? [] : [[name, claimText(name, value)] as const],
  );
  return html`<h3>What the token says</h3>
<p class="note">Stage 3 says whether it is true. Leaving this page removes it.</p>
${{ html: valueTable("Claim", values) }}`;
}

/** A claim as JSON, and its moment if it is a time (RFC 7519 4.1, OpenID Connect Core 2). */
function claimText(name: string, value: unknown): string {
  if (isNestedDeeper(value, MAX_JSON_NESTING)) return "(nested too deeply to be shown)";
  const text = JSON.stringify(value);
  if (looksLikeToken(text)) return "(something that looks like a token)";
  const time = TIMES.has(name) && typeof value === "number" ? new Date(value * 1000) : undefined;
  return time === undefined || Number.isNaN(time.getTime()) ? text : `${text} (${time.toISOString()})`;
}

const TIMES: ReadonlySet<string> = new Set(["exp", "iat", "nbf", "auth_time"]);

function valueTable(what: string, values: readonly (readonly [string, string])[]): Html {
  const rows = values.map(
    ([name, value]) =>
      html`<tr><th scope="row"><code>${name}</code></th><td><code>${shortened(value)}</code></td></tr>`,
  );
  return html`<table class="values"><thead><tr><th scope="col">${what}</th><th scope="col">Value</th></tr></thead><tbody>${{ html: rows }}</tbody></table>`;
}

/** JSON with line breaks. Any other text stays as it is. */
function indented(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), undefined, 2);
  } catch {
    return body;
  }
}
