import { type Html, html } from "../print/html.ts";
import { stateOfPolicy } from "./parts/state-of-policy.ts";
import { shownPolicy } from "./view/policy-state.ts";
import type { ViewContext } from "./view/view-context.ts";
import { VIEWS, type ViewEntry } from "./views.ts";

/** The addresses of the scripts and style sheets that a page loads. */
export interface PageAssets {
  readonly scripts: readonly string[];
  readonly styles: readonly string[];
}

/** What the shell says of the policy. */
type ShownContext = Pick<ViewContext, "policyName" | "state" | "day" | "environment" | "stack">;

/** A gate, as an image that needs no request. */
const ICON = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#0b57a4"/>' +
    '<path d="M4 13V7a4 4 0 0 1 8 0v6M8 9v4" fill="none" stroke="#fff" stroke-width="2"/></svg>',
)}`;

/**
 * One whole page: the shell around the content of a view. `context` is left out where nothing may be said of the
 * policy.
 */
export function page(
  { id, title }: Pick<ViewEntry, "id" | "title">,
  main: Html,
  { scripts, styles }: PageAssets,
  context?: ShownContext,
): Html {
  const name = context?.policyName ?? "";
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${[title, name, "Scopegate"].filter(Boolean).join(" · ")}</title>
<link rel="icon" href="${ICON}">
${{ html: styles.map((href) => html`<link rel="stylesheet" href="${href}">`) }}
${{ html: scripts.map((src) => html`<script type="module" src="${src}"></script>`) }}
</head>
<body data-view="${id}">
<a class="skip" href="#main">Skip to the content</a>
<header class="top">
<p class="brand"><b>Scopegate</b> ${{ html: context === undefined ? [] : whatIsShown(context) }}</p>
<nav aria-label="Views"><ul>${{ html: VIEWS.map((view) => navEntry(view, id)) }}</ul></nav>
</header>
${{ html: context === undefined ? [] : stateOfPolicy(context.state, name) }}
<main id="main" tabindex="-1">
${{ html: main }}
</main>
</body>
</html>`;
}

/** The policy, and what else the content depends on: the environment, and the day if a route has a `report`. */
function whatIsShown({ policyName, state, day, environment, stack }: ShownContext): readonly Html[] {
  const dependsOnDay = shownPolicy(state)?.policy.hasReports === true;
  return [
    html`<code>${policyName}</code>`,
    ...(environment === undefined ? [] : [html` <span>environment ${environment}</span>`]),
    ...(dependsOnDay ? [html` <span>on ${day}</span>`] : []),
    ...(stack === undefined ? [] : [html` <span>runs at ${stack.gatewayUrl}</span>`]),
  ];
}

function navEntry({ id, path, label }: ViewEntry, current: string): Html {
  return id === current
    ? html`<li><a href="${path}" aria-current="page">${label}</a></li>`
    : html`<li><a href="${path}">${label}</a></li>`;
}
