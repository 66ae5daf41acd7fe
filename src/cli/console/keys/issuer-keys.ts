import type { Issuer } from "../../../policy/policy.ts";
import { counted } from "../../output.ts";
import { type Html, html } from "../../print/html.ts";
import type { IssuerHistory } from "../view/stack-view.ts";
import { eventText } from "./event-texts.ts";
import { formatDuration, formatTime } from "./format-times.ts";
import type { KeysNow, RecordNow } from "./issuer-report.ts";
import { skipText } from "./skip-texts.ts";

/** All that the console knows of the keys of one issuer. */
export interface IssuerKeysReport {
  readonly issuer: Issuer;
  /** `undefined`: the gateway does not say. */
  readonly now: KeysNow | undefined;
  /** `undefined`: KV has none. */
  readonly record: RecordNow | undefined;
  readonly history: IssuerHistory;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** The keys of an issuer: their state, the keys in KV, the skipped ones, and what happened. */
export function issuerKeys(report: IssuerKeysReport): Html {
  return html`${{ html: [stateHtml(report), recordHtml(report), skippedHtml(report), eventsHtml(report)] }}`;
}

function stateHtml({ issuer, now, nowMs }: IssuerKeysReport): Html {
  if (now === undefined) {
    return html`<p class="wrong">The gateway does not say what keys it has. It may have a fault in its policy, or be reloading.</p>`;
  }
  const { freshness, keyCount, ageSeconds, lastError, refreshAtMs, usableUntilMs } = now;
  const error = lastError === undefined ? html`` : html`<p class="wrong">Last error: ${lastError}</p>`;
  const age = ageSeconds === undefined ? "" : `, ${formatDuration(ageSeconds)} old`;
  const used = usableUntilMs === undefined ? "" : `they are used until ${formatTime(usableUntilMs, nowMs)}`;
  const pause = formatDuration(issuer.keys.cooldownSeconds);
  const sentences = {
    fresh: `The first request after ${timeAhead(refreshAtMs, nowMs)} refreshes them. If the issuer fails, ${used}.`,
    stale: `They are due for a refresh. If the issuer fails, ${used}, and the gateway asks again after ${pause}.`,
    expired: "No request uses them: tokens that need one get 503.",
    none: "Tokens of this issuer get 503 until it can be read.",
  };
  const count = freshness === "none" ? "no keys" : counted(keyCount, "key");
  return html`<p class="state" data-freshness="${freshness}"><b>${freshness}</b> ${count}${age}. ${sentences[freshness]}</p>${{ html: error }}`;
}

/** A time with how far it is away. */
function timeAhead(atMs: number | undefined, nowMs: number): string {
  return atMs === undefined ? "" : `${formatTime(atMs, nowMs)} (in ${formatDuration((atMs - nowMs) / 1000)})`;
}

function recordHtml({ issuer, record, nowMs }: IssuerKeysReport): Html {
  if (record === undefined) return html`<h3>Keys</h3>\n<p class="quiet">KV has no record of this issuer.</p>`;
  const rows = record.keys.map(
    ({ kid, kty, crv, alg }) =>
      html`<tr><th scope="row"><code>${kid}</code></th><td>${kty}</td><td>${crv ?? "–"}</td><td>${alg ?? "all that fit"}</td></tr>`,
  );
  return html`<h3>Keys</h3>
<p class="quiet">As KV has them, read from the issuer at ${formatTime(record.fetchedAtMs, nowMs)}.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Keys of ${issuer.name}"><table>
<thead><tr><th scope="col">kid</th><th scope="col">kty</th><th scope="col">crv</th><th scope="col">alg</th></tr></thead>
<tbody>${{ html: rows }}</tbody>
</table></div>`;
}

function skippedHtml({ issuer, history, nowMs }: IssuerKeysReport): Html {
  const { skipped, skippedCount, skippedAtMs } = history;
  if (skippedAtMs === undefined) return html``;
  const rest = skippedCount - skipped.length;
  const rows = skipped.map(
    ({ kid, why }) =>
      html`<tr><th scope="row">${{ html: kid === undefined ? html`(no kid)` : html`<code>${kid}</code>` }}</th><td>${skipText(why)} <code>${why}</code></td></tr>`,
  );
  const more = rest > 0 ? html`<p class="quiet">And ${rest} more, which the log does not list.</p>` : html``;
  return html`<h3>Skipped keys</h3>
<p class="quiet">As the gateway logged them at ${formatTime(skippedAtMs, nowMs)}. It logs them when the list changes, but not when it becomes empty.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Skipped keys of ${issuer.name}"><table>
<thead><tr><th scope="col">kid</th><th scope="col">Why</th></tr></thead>
<tbody>${{ html: rows }}</tbody>
</table></div>${{ html: more }}`;
}

function eventsHtml({ issuer, history, nowMs }: IssuerKeysReport): Html {
  if (history.events.length === 0) return html``;
  const rows = history.events.map(
    ({ atMs, line }) =>
      html`<tr><td>${formatTime(atMs, nowMs)}</td><th scope="row">${String(line["change"])}</th><td>${eventText(line, nowMs)}</td></tr>`,
  );
  return html`<h3>What happened</h3>
<div class="scroll" tabindex="0" role="region" aria-label="Events of ${issuer.name}"><table>
<thead><tr><th scope="col">Time</th><th scope="col">Event</th><th scope="col">What it means</th></tr></thead>
<tbody>${{ html: rows }}</tbody>
</table></div>`;
}
