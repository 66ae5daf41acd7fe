import { counted } from "../../output.ts";
import { type Html, html } from "../../print/html.ts";
import { requestText, withMessage } from "../../print/request-text.ts";
import { proseOf } from "../parts/prose-of.ts";
import type { AskedCall } from "./compute/asked-call.ts";
import type { ClientEffect, ComparedChange } from "./compute/change-answer.ts";
import { callHtml } from "./difference-html.ts";

/** Calls that are shown of one client in one way, as the terminal shows them. */
const MAX_CALLS = 50;
/** Calls that the page shows in all. A policy with thousands of routes and clients would have millions. */
const MAX_SHOWN = 3_000;
/** With more clients, each is closed until someone opens it. */
const MAX_OPEN = 5;

type ClientPart = ComparedChange["difference"]["clients"][number];
type Call = ClientPart["gained"][number];

/** The words for what happens to calls, as `diff` has them. */
const VERBS = [
  ["gained", "can now"],
  ["lost", "can no longer"],
  ["unenforced", "can still"],
] as const satisfies readonly (readonly [ClientEffect, string])[];

/** What each registered client gains and loses. Nothing, if no client does. */
export function clientsHtml({ difference, clientLabels, clientCircumstances, isClientKept }: ComparedChange): Html {
  const { clients, assumption } = difference;
  if (clients.length === 0) return html``;
  let left = MAX_SHOWN;
  const parts = clients.map((part, index) => {
    const lists = VERBS.map(([member, verb]) => {
      const shown = part[member].slice(0, Math.min(MAX_CALLS, left));
      left -= shown.length;
      const circumstances = clientCircumstances[index]?.[member] ?? [];
      const links = shown.map(({ example }, at): AskedCall | undefined =>
        isClientKept[index] ? { ...example, client: part.client, ...circumstances[at] } : undefined,
      );
      return callsHtml(verb, part[member], shown, links);
    });
    return clientHtml(part, clientLabels[index] ?? part.client, clients.length <= MAX_OPEN, lists);
  });
  const note = assumption === undefined ? html`` : html`<p class="note">${{ html: proseOf(assumption) }}</p>\n`;
  return html`<section class="clients" aria-labelledby="clients">
<h2 id="clients">Clients <span class="count">${clients.length}</span></h2>
${{ html: note }}${{ html: parts }}</section>
`;
}

function clientHtml(part: ClientPart, label: string, isOpen: boolean, lists: readonly Html[]): Html {
  const counts = VERBS.filter(([member]) => part[member].length > 0)
    .map(([member, verb]) => `${verb} ${part[member].length}`)
    .join(", ");
  const open = isOpen ? html` open` : html``;
  return html`<details data-key="client ${label}"${{ html: open }}><summary><b>${label}</b> <span class="count">${counts}</span></summary>
${{ html: lists }}</details>
`;
}

/** @param links one for each shown call; `undefined`: the new version does not have the client to ask about */
function callsHtml(
  verb: string,
  all: readonly Call[],
  shown: readonly Call[],
  links: readonly (AskedCall | undefined)[],
): Html {
  if (all.length === 0) return html``;
  const items = shown.map((call, at) => {
    const { methods, path, mcp, example, note } = call;
    const notes = note === undefined ? html`` : html` <span class="note">${{ html: proseOf(note) }}</span>`;
    const such = callHtml(`such as ${requestText(example)}`, links[at]);
    return html`<li><b>${methods.join(" ")}</b> <code>${withMessage(path, mcp)}</code>${{ html: notes }} <span class="such">${{ html: such }}</span></li>\n`;
  });
  const left = all.length - shown.length;
  const more = left > 0 ? html`<li>${counted(left, "more call")}. All of them: diff --json</li>\n` : html``;
  return html`<h3>${verb}</h3>
<ul class="calls">${{ html: items }}${{ html: more }}</ul>
`;
}
