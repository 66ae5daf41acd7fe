import { UsageError } from "../../args/exit-code.ts";
import { type Html, html } from "../../print/html.ts";
import { localShell } from "../../print/shell.ts";
import { devCommand } from "../parts/dev-command.ts";
import { shownPolicy } from "../view/policy-state.ts";
import type { ViewContext } from "../view/view-context.ts";
import { countKinds, isShown, LINE_KINDS, type LineFilter, type LineKind, readFilter } from "./line-filter.ts";
import { MAX_LINES } from "./line-ring.ts";
import { type LiveLine, liveLines } from "./live-line.ts";

/** Rows that a page has. The other lines are there, too, and a filter finds them. */
export const MAX_ROWS = 200;

const TITLE = "Live decisions";
const NO_LINE: LiveLine = {
  ...{ id: 0, kind: "event", time: "", target: "", status: "", client: "", reason: "", outcome: "" },
};

/**
 * The latest lines of the gateway, newest first, as far as the filter in the address lets them through. The page's
 * script adds new ones.
 */
export function liveView({ policyName, stack, state }: ViewContext, request: Request): Html {
  const filter = readFilter(new URL(request.url).searchParams);
  assertKind(filter.decision);
  if (stack === undefined) {
    return html`<h1>${TITLE}</h1>
<p>This console runs without a gateway. Run <code>${devCommand(policyName, localShell())}</code>: it starts a gateway on this machine, and a console that shows its decisions here.</p>`;
  }
  const lines = liveLines(stack.recentLines(), shownPolicy(state)?.policy).toReversed();
  const shown = lines.filter((line) => isShown(line, filter));
  return html`<h1>${TITLE}</h1>
<p class="quiet">The gateway at <code>${stack.gatewayUrl}</code>. Times are in UTC. The console keeps the latest ${MAX_LINES.toLocaleString("en")} lines, in memory only.</p>
${{ html: filterForm(filter, countKinds(lines, filter)) }}
<div class="live-bar">
<button type="button" id="pause" aria-pressed="false" hidden>Pause</button>
<button type="button" id="newer" hidden></button>
<p id="live-status" role="status"></p>
</div>
<table class="live" data-rows="${MAX_ROWS}">
<thead><tr><th scope="col">Time</th><th scope="col">Decision</th><th scope="col">Status</th><th scope="col">Request</th><th scope="col">Client</th><th scope="col">Outcome</th><th scope="col">Ask</th></tr></thead>
<tbody id="live-lines">
${{ html: shown.slice(0, MAX_ROWS).map(rowHtml) }}</tbody>
</table>
<p id="live-note" class="quiet">${noteOf(lines.length, shown.length)}</p>
<template id="live-row">${{ html: rowHtml(NO_LINE) }}</template>`;
}

function assertKind(decision: string): void {
  if (decision === "" || LINE_KINDS.some((kind) => kind === decision)) return;
  throw new UsageError(`\`decision\` in the address is none of ${LINE_KINDS.join(", ")}.`);
}

/** What stands below the lines: why there are none, or that there are more. The script says the same. */
function noteOf(all: number, shown: number): string {
  if (all === 0) return "No request has come yet.";
  if (shown === 0) return "No line matches the filter.";
  return shown > MAX_ROWS ? `The newest ${MAX_ROWS} of ${shown} lines. A filter finds the others.` : "";
}

function filterForm(filter: LineFilter, counts: Readonly<Record<LineKind, number>>): Html {
  const all = LINE_KINDS.reduce((sum, kind) => sum + counts[kind], 0);
  const choices = ["" as const, ...LINE_KINDS].map((kind) => {
    const checked = kind === filter.decision ? html` checked` : html``;
    return html`<label class="kind" data-kind="${kind}"><input type="radio" name="decision" value="${kind}"${{ html: checked }}> <span>${kind || "all"}</span> <span class="count">${kind === "" ? all : counts[kind]}</span></label>`;
  });
  const text = (name: "route" | "client" | "reason", label: string) =>
    html`<label class="text">${label} <input type="search" name="${name}" value="${filter[name]}" autocomplete="off" autocapitalize="off" spellcheck="false"></label>`;
  return html`<form id="live-filter" class="live-filter" role="search" aria-label="Filter lines">
<fieldset><legend>Decision</legend>
${{ html: choices }}
</fieldset>
<div class="texts">${{ html: [text("route", "Route"), text("client", "Client"), text("reason", "Reason")] }}<button id="filter-button">Filter</button></div>
</form>`;
}

/** One row. The script fills a copy of it, by the names of its slots. */
function rowHtml({ id, kind, time, status, target, client, outcome, why }: LiveLine): Html {
  const name = `Why? ${target}`;
  const link = why
    ? html`<a data-slot="why" href="${why.href}" aria-label="${name}">Why?</a> <small data-slot="assumed">${assumedText(why.assumed)}</small>`
    : html`<a data-slot="why" hidden>Why?</a> <small data-slot="assumed"></small>`;
  return html`<tr data-line="${id}" data-kind="${kind}"><td><time data-slot="time" datetime="${time}">${time.slice(11, 23)}</time></td><td class="what" data-slot="kind">${kind}</td><td data-slot="status">${status}</td><td><code data-slot="target">${target}</code></td><td data-slot="client">${client}</td><td data-slot="outcome">${outcome}</td><td class="ask">${{ html: link }}</td></tr>
`;
}

function assumedText(assumed: string): string {
  return assumed === "" ? "" : `with ${assumed}`;
}
