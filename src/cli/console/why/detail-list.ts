import type { SufficientSet } from "../../../explain/explanation.ts";
import { claimText } from "../../../policy/claim-path.ts";
import type { Detail } from "../../explain/details.ts";
import { type Html, html } from "../../print/html.ts";
import { proseOf } from "../parts/prose-of.ts";
import { type Question, whyAddress } from "../parts/why-address.ts";
import { withoutCaller } from "./question.ts";

/** What the items of a list may lead to. */
export interface DetailContext {
  readonly question: Question;
  /** The sets that would be enough, with the keys of clients. */
  readonly sufficient: readonly SufficientSet[];
}

/** Clients of a set that get a link of their own. */
const MAX_LINKED_CLIENTS = 20;

/**
 * What a stage found, as a list in a list. A part of a requirement has a sign and a word for whether it is met. A set
 * of scopes that would be enough leads to the same question with it.
 */
export function detailList(details: readonly Detail[], context: DetailContext): Html {
  if (details.length === 0) return html``;
  return html`<ul class="details">${{ html: details.map((detail) => detailItem(detail, context)) }}</ul>`;
}

/** Recurses once for each nested group, of which `MAX_NESTED_GROUPS` bounds the number. */
function detailItem({ text, met, isDoubtful, set, of = [] }: Detail, context: DetailContext): Html {
  const enough = set === undefined ? undefined : context.sufficient[set];
  const links = enough === undefined ? html`` : setLinks(enough, context.question);
  const below = detailList(of, context);
  if (met === undefined) {
    const kind = isDoubtful ? "doubtful" : "plain";
    return html`<li class="${kind}">${{ html: proseOf(text) }}${{ html: links }}${{ html: below }}</li>`;
  }
  const { sign, word } = met ? { sign: "\u2713", word: "met" } : { sign: "\u2715", word: "missing" };
  return html`<li class="part ${word}"><span class="mark"><span aria-hidden="true">${sign}</span> ${word}</span> ${{ html: proseOf(text) }}${{ html: below }}</li>`;
}

function setLinks(set: SufficientSet, question: Question): Html {
  const own = questionWith(set, question);
  const clients = set.clients.slice(0, MAX_LINKED_CLIENTS).map((client) => {
    const address = whyAddress({ ...withoutCaller(question), claim: own?.claim ?? [], client });
    return html`<a href="${address}">as ${client}</a>`;
  });
  const withSet = own === undefined ? [] : [html`<a href="${whyAddress(own)}">with these</a>`];
  const links = [...withSet, ...clients].map((link, at) => html`${at === 0 ? " " : ", "}${{ html: link }}`);
  return html`<span class="ask">Ask${{ html: links }}</span>`;
}

/**
 * The same request with exactly this set; `undefined`: a claim must equal a part of the path, so no address says it.
 */
function questionWith({ scopes, conditions = [], issuers }: SufficientSet, question: Question): Question | undefined {
  const claims = conditions.map((it) => (it.kind === "claim" ? `${claimText(it.claim)}=${it.in[0] ?? ""}` : undefined));
  if (claims.includes(undefined) || scopes.length === 0) return undefined;
  const [issuer] = issuers ?? [];
  return {
    ...withoutCaller(question),
    scope: scopes,
    claim: claims.filter((claim) => claim !== undefined),
    issuer,
    bound: question.bound,
  };
}
