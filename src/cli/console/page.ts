import { type Html, html } from "../print/html.ts";
import { stateOfPolicy } from "./parts/state-of-policy.ts";
import type { ViewContext } from "./view/view-context.ts";
import { VIEWS, type ViewEntry } from "./views.ts";

/** The addresses of the scripts and style sheets that a page loads. */
export interface PageAssets {
  readonly scripts: readonly string[];
  readonly styles: readonly string[];
}

/** One whole page: the shell around the content of a view. `context` is left out where nothing may be said of the policy. */
export function page(
  { id, title }: Pick<ViewEntry, "id" | "title">,
  main: Html,
  { scripts, styles }: PageAssets,
  context?: Pick<ViewContext, "policyName" | "state" | "day" | "stack">,
): Html {
  const name = context?.policyName ?? "";
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${[title, name, "Scopegate"].filter(Boolean).join(" · ")}</title>
<link rel="icon" href="data:,">
${{ html: styles.map((href) => html`<link rel="stylesheet" href="${href}">`) }}
${{ html: scripts.map((src) => html`<script type="module" src="${src}"></script>`) }}
</head>
<body data-view="${id}">
<a class="skip" href="#main">Skip to the content</a>
<header class="top">
<p class="brand"><b>Scopegate</b> <code>${name}</code></p>
<nav aria-label="Views"><ul>${{ html: VIEWS.map((view) => navEntry(view, id)) }}</ul></nav>
</header>
${{ html: context === undefined ? [] : stateOfPolicy(context.state, name) }}
<main id="main" tabindex="-1">
${{ html: main }}
</main>
</body>
</html>`;
}

function navEntry({ id, path, label }: ViewEntry, current: string): Html {
  return id === current
    ? html`<li><a href="${path}" aria-current="page">${label}</a></li>`
    : html`<li><a href="${path}">${label}</a></li>`;
}
