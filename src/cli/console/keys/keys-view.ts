import { isObject } from "../../../json/json-object.ts";
import type { Issuer } from "../../../policy/policy.ts";
import { placeholders } from "../../../policy/source/placeholders.ts";
import { objectAt, stringAt } from "../../json-members.ts";
import { counted } from "../../output.ts";
import { type Html, html } from "../../print/html.ts";
import { localShell } from "../../print/shell.ts";
import { devCommand } from "../parts/dev-command.ts";
import { noPolicy } from "../parts/state-of-policy.ts";
import { shownPolicy } from "../view/policy-state.ts";
import type { StackView } from "../view/stack-view.ts";
import type { ViewContext } from "../view/view-context.ts";
import { formatDuration, formatMilliseconds } from "./format-times.ts";
import { issuerKeys } from "./issuer-keys.ts";
import { keysNow, recordNow } from "./issuer-report.ts";

const TITLE = "Keys and issuers";

/**
 * Each issuer with its settings. Beside a stack also its keys: those that the gateway has now, those in KV, those that
 * were skipped, and what happened to them. No key itself is shown. Never asks an issuer.
 */
export async function keysView({ policyName, state, stack }: ViewContext): Promise<Html> {
  const loaded = shownPolicy(state);
  if (loaded === undefined) return noPolicy(TITLE);
  const issuers = [...loaded.policy.issuers.values()];
  const file = isObject(loaded.value) ? objectAt(loaded.value, "issuers") : {};
  const parts = await partsOf(issuers, stack);
  const sections = issuers.map((issuer, at) => {
    const written = stringAt(objectAt(file, issuer.name), "issuer") ?? "";
    return html`<section class="issuer" aria-labelledby="issuer-${at}">
<h2 id="issuer-${at}">${issuer.name}</h2>
${{ html: settingsHtml(issuer, written) }}
${{ html: parts.get(issuer.name) ?? [] }}</section>
`;
  });
  return html`<h1>${TITLE}</h1>
${{ html: introduction(issuers.length, policyName, stack) }}
<div id="issuers">
${{ html: sections }}</div>`;
}

function introduction(count: number, policyName: string, stack: StackView | undefined): Html {
  if (count === 0) return html`<p>The policy has no issuer: all its routes are public.</p>`;
  if (stack === undefined) {
    return html`<p class="quiet">This console runs without a gateway, so there are no keys to look at. Run <code>${devCommand(policyName, localShell())}</code>: it starts a gateway on this machine, and a console that shows its keys here.</p>`;
  }
  return html`<p class="quiet">What the gateway at <code>${stack.gatewayUrl}</code> has now. Times are in UTC. This page makes the gateway load keys that it lacks, as each request does. <span id="keys-status" role="status"></span></p>`;
}

/** What there is to say of the keys of each issuer, by its name. */
async function partsOf(issuers: readonly Issuer[], stack: StackView | undefined): Promise<ReadonlyMap<string, Html>> {
  if (stack === undefined) return new Map();
  const keys = await stack.keys();
  const nowMs = Date.now();
  return new Map(
    issuers.map((issuer) => [
      issuer.name,
      issuerKeys({
        issuer,
        now: keysNow(issuer, keys, nowMs),
        record: recordNow(issuer, keys, nowMs),
        history: stack.keyHistory(issuer.name),
        nowMs,
      }),
    ]),
  );
}

/** The settings of an issuer. A query in an address may contain a secret, so it is left out. */
function settingsHtml(
  { issuer, jwksUri, profile, algorithms, audiences, tenants, keys }: Issuer,
  written: string,
): Html {
  const accepted = tenants && (tenants.accepted === "any" ? "any" : counted(tenants.accepted.size, "listed tenant"));
  const rows: readonly (readonly [string, Html])[] = [
    ["iss", html`<code>${withoutQuery(issuer)}</code>${{ html: writtenNote(written) }}`],
    ["Keys from", html`<code>${withoutQuery(jwksUri)}</code>`],
    ["Profile", html`${profile}`],
    ["Algorithms", html`${[...algorithms].join(", ")}`],
    ["Audiences", audiences ? html`${[...audiences].join(", ")}` : html`not checked`],
    ...(accepted === undefined ? [] : [["Tenants", html`${accepted}`] as const]),
    ["Refreshed after", html`${formatDuration(keys.refreshAfterSeconds)}`],
    ["Used at most for", html`${formatDuration(keys.maxStaleSeconds)}`],
    ["After a failure", html`asked again after ${formatDuration(keys.cooldownSeconds)}`],
    ["Time limit", html`${formatMilliseconds(keys.timeoutMs)} for one request to the issuer`],
  ];
  return html`<dl class="settings">${{ html: rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${{ html: value }}</dd></div>`) }}</dl>`;
}

/** An address with variables, as the file has it. */
function writtenNote(written: string): Html {
  const hasVariables = Object.keys(placeholders(JSON.stringify(written))).length > 0;
  return hasVariables ? html` <span class="quiet">written as <code>${written}</code></span>` : html``;
}

function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/s, "");
}
