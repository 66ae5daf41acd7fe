import { ALL_KINDS, type AnyChangeKind } from "../../diff/change-kinds.ts";
import { type DescribedChange, exampleLines, requirementChange } from "../../diff/describe-route-change.ts";
import { type GroupedChange, groupChanges, othersText } from "../../diff/group-changes.ts";
import { counted } from "../../output.ts";
import { type Html, html } from "../../print/html.ts";
import { withMessage } from "../../print/request-text.ts";
import { proseOf } from "../parts/prose-of.ts";
import type { AskedCall, AskedCircumstances } from "./compute/asked-call.ts";
import type { ComparedChange } from "./compute/change-answer.ts";
import { directionOf, MEANINGS, SIGNS } from "./kind-texts.ts";
import { whyLink } from "./why-link.ts";

/** Changes of one kind that the page shows. `diff --json` has all of them. */
const MAX_OF_KIND = 500;

type Difference = ComparedChange["difference"];
type Setting = Difference["settings"][number];

/**
 * How many changes of each kind there are, in routes and settings: the numbers of `diff --json`. Without those of 0.
 */
export function countKinds({ routes, settings }: Difference): readonly (readonly [AnyChangeKind, number])[] {
  const counts = Map.groupBy([...routes, ...settings], ({ kind }) => kind);
  return ALL_KINDS.map((kind) => [kind, counts.get(kind)?.length ?? 0] as const).filter(([, count]) => count > 0);
}

/** The changes of routes and settings, a section for each kind, the most noteworthy kind first. */
export function kindSections({ difference, calls, settingCircumstances }: ComparedChange): readonly Html[] {
  const callsOfChange = new Map(difference.routes.map((change, index) => [change, calls[index] ?? []]));
  const circumstancesOf = new Map(
    difference.settings.map((setting, index) => [setting, settingCircumstances[index] ?? {}]),
  );
  const routes = Map.groupBy(groupChanges(difference.routes), ({ change }) => change.kind);
  const settings = Map.groupBy(difference.settings, ({ kind }) => kind);
  return countKinds(difference).map(([kind, count]) => {
    const grouped = new Map<AnyChangeKind, readonly GroupedChange[]>(routes).get(kind) ?? [];
    const ofSettings = new Map<AnyChangeKind, readonly Setting[]>(settings).get(kind) ?? [];
    const items = [
      ...grouped.map((group) => () => routeItem(group, callsOfChange.get(group.change) ?? [])),
      ...ofSettings.map((setting) => () => settingItem(setting, circumstancesOf.get(setting) ?? {})),
    ];
    return kindSection(kind, count, items);
  });
}

function kindSection(kind: AnyChangeKind, count: number, items: readonly (() => Html)[]): Html {
  const left = items.length - MAX_OF_KIND;
  const more =
    left > 0 ? html`\n<p class="more">${counted(left, "more change")}. All of them: diff --json</p>` : html``;
  return html`<section class="kind ${directionOf(kind)}" aria-labelledby="kind-${kind}">
<h2 id="kind-${kind}"><span class="sign" aria-hidden="true">${SIGNS[directionOf(kind)]}</span> ${kind} <span class="count">${count}</span></h2>
<p class="meaning">${MEANINGS[kind]}</p>
<ul class="changes">
${{ html: items.slice(0, MAX_OF_KIND).map((item) => item()) }}</ul>${{ html: more }}
</section>
`;
}

function routeItem({ change, others }: GroupedChange, calls: readonly (AskedCall | undefined)[]): Html {
  const { methods, path, mcp, before, after, note } = change;
  const was =
    before && after && before.path !== after.path
      ? html` <span class="was">was <code>${before.path}</code></span>`
      : html``;
  const more = others === 0 ? html`` : html` <span class="others">and ${othersText(others, change)}</span>`;
  const notes = note === undefined ? html`` : html`\n<p class="note">${{ html: proseOf(note) }}</p>`;
  return html`<li><div class="request"><b>${methods.join(" ")}</b> <code>${withMessage(path, mcp)}</code>${{ html: was }}${{ html: more }}</div>
<div class="requirement">${{ html: requirementHtml(change) }}${{ html: upstreamHtml(change) }}${{ html: notes }}</div>
<ul class="examples">${{ html: exampleLines(change).map((line, index) => html`<li>${{ html: callHtml(line, calls[index]) }}</li>`) }}</ul></li>
`;
}

/** The requirement; if it differs, the one before and the one now. */
function requirementHtml(change: DescribedChange): Html {
  const { before, after } = change;
  if (!before || !after || before.requirement === after.requirement)
    return html`<code>${requirementChange(change)}</code>`;
  return html`<span class="old"><span class="label">before</span> <code>${before.requirement}</code></span> <span class="new"><span class="label">now</span> <code>${after.requirement}</code></span>`;
}

/** Where requests go, if the change is about that. */
function upstreamHtml({ kind, before, after }: DescribedChange): Html {
  if (kind !== "moved" || !before || !after || before.upstream === after.upstream) return html``;
  return html` <span class="upstreams">${before.upstream} \u2192 ${after.upstream}</span>`;
}

function settingItem({ path, message, witness }: Setting, circumstances: AskedCircumstances): Html {
  return html`<li><div class="request"><code>${path}</code></div>
<div class="requirement">${{ html: proseOf(message) }}</div>
<ul class="examples">${{ html: witness === undefined ? [] : [html`<li>${{ html: witnessHtml(witness, circumstances) }}</li>`] }}</ul></li>
`;
}

function witnessHtml(
  { issuer, client, claims, scopes, call }: NonNullable<Setting["witness"]>,
  circumstances: AskedCircumstances,
): Html {
  const held = Object.entries(claims)
    .map(([claim, value]) => `${claim}=${value}`)
    .join(" and ");
  const text = `A token of ${issuer} with ${held} now grants ${scopes.join(" ")}`;
  if (call === undefined) return html`${text}`;
  const opens = `${text}, such as for ${call.method} ${call.path}`;
  return callHtml(opens, { ...call, issuer, client, grants: claims, ...circumstances });
}

/** A text about a call, as a link to its explanation if there is one. */
export function callHtml(text: string, call: AskedCall | undefined): Html {
  return call === undefined ? html`${text}` : html`<a href="${whyLink(call)}">${text}</a>`;
}
