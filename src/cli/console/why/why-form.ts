import { clientTitle } from "../../../policy/analysis/clients/client-title.ts";
import type { Policy } from "../../../policy/policy.ts";
import { BINDING_METHODS } from "../../../policy/requirements/binding.ts";
import { type Html, html } from "../../print/html.ts";
import { linesOf } from "./lines-of.ts";
import { TOKEN_FIELD } from "./question.ts";

/** Scopes that the form suggests. A browser would stutter with more. */
const MAX_SUGGESTED = 1_000;

/**
 * The form of a question. It is sent by POST, so that nothing in it can get into an address by mistake. The console
 * then leads on to the address of the question, except with a token. Fields that make no difference under the policy
 * are left out, unless the question has a value for them.
 *
 * @param values what the fields show. The field of the token is always empty
 */
export function whyForm(policy: Policy, values: ReadonlyMap<string, string>): Html {
  const { issuers, clients, scopes, routes } = policy;
  const clientsToChoose = Array.from(clients.keys(), (key) => ({ value: key, label: key + clientTitle(key, policy) }));
  const all = [...issuers.values()];
  const value = (name: string): string => values.get(name) ?? "";
  const hasMessages = routes.some(({ mcp }) => mcp !== undefined) || value("message") !== "";
  const hasHosts = policy.hosts !== undefined || policy.byHost !== undefined || value("host") !== "";
  const hasReports = policy.hasReports === true || value("on") !== "";
  const hasTenants = all.some(({ tenants }) => tenants !== undefined) || value("tenant") !== "";
  const isDetailed = DETAILS.some((name) => value(name) !== "");
  const suggested = [...scopes.byShortName.keys(), ...scopes.byFullName.keys()].slice(0, MAX_SUGGESTED);
  return html`<form class="question" id="ask" method="post" action="/why" autocomplete="off" aria-label="Question">
<fieldset><legend>Request</legend>
${{ html: input("method", "Method", value("method"), { hint: "GET" }) }}
${{ html: input("path", "Path or URL", value("path"), { hint: "/orders/17", isRequired: true }) }}
${{ html: hasHosts ? input("host", "Host", value("host"), { hint: "one that the policy serves" }) : html`` }}
${{ html: hasMessages ? text("message", "MCP message", value("message"), "tools/call create_order, or the body as JSON") : html`` }}
${{ html: hasMessages ? input("revision", "MCP revision", value("revision"), { hint: "the newest" }) : html`` }}
${{ html: hasReports ? input("on", "Day (UTC), for routes that only report", value("on"), { hint: "today" }) : html`` }}
${{ html: value("env") === "" ? html`` : input("env", "Environment", value("env")) }}
</fieldset>
<fieldset id="caller"><legend>Caller</legend>
<p class="note">If all of it is empty, the caller has no token.</p>
${{ html: select("client", "Client", clientsToChoose, value("client"), "no client") }}
${{ html: input("scope", "Scopes", value("scope"), { hint: "those of the client", list: "scopes" }) }}
<datalist id="scopes">${{ html: suggested.map((name) => html`<option value="${name}"></option>`) }}</datalist>
<details${{ html: isDetailed ? html` open` : html`` }}><summary>More about the token</summary>
${{ html: select("issuer", "Issuer", choicesOf(all.map(({ name }) => name)), value("issuer"), "any") }}
${{ html: hasTenants ? input("tenant", "Tenant", value("tenant"), { hint: "the first of the issuer" }) : html`` }}
${{ html: select("bound", "Bound to its sender by", choicesOf(BINDING_METHODS), value("bound"), "as the issuer requires") }}
${{ html: text("grant", "Claims that grant scopes, one a line", value("grant"), "groups=staff") }}
${{ html: text("claim", "Claims for conditions and step-up, one a line", value("claim"), "sub=alice") }}
</details>
</fieldset>
<fieldset><legend>Or a real token</legend>
<label for="token">Access token</label>
<textarea id="token" name="${TOKEN_FIELD}" rows="4" autocomplete="off" autocapitalize="off" spellcheck="false" aria-describedby="token-note"></textarea>
<p id="token-note" class="note">It is judged on this machine. It is not kept, and no address contains it.<noscript> Without the script of this page, your browser may keep what you send, to restore the tab.</noscript></p>
</fieldset>
<p><button type="submit">Ask</button> <a href="/why">Clear</a></p>
</form>`;
}

const DETAILS = ["issuer", "tenant", "bound", "grant", "claim"];

/** A value that can be chosen, and what people read. */
interface Choice {
  readonly value: string;
  readonly label: string;
}

function choicesOf(values: readonly string[]): readonly Choice[] {
  return values.map((value) => ({ value, label: value }));
}

interface InputOptions {
  readonly hint?: string;
  readonly isRequired?: boolean;
  /** The id of the list of suggestions. */
  readonly list?: string;
}

function input(name: string, label: string, value: string, { hint = "", isRequired, list }: InputOptions = {}): Html {
  const required = isRequired ? html` required` : html``;
  const suggestions = list === undefined ? html`` : html` list="${list}"`;
  return html`<p class="field"><label for="ask-${name}">${label}</label><input id="ask-${name}" name="${name}" value="${value}" placeholder="${hint}" autocapitalize="off" spellcheck="false"${{ html: required }}${{ html: suggestions }}></p>`;
}

function text(name: string, label: string, value: string, hint: string): Html {
  // A line break at the start of a textarea is not part of its value (HTML Living Standard 13.1.2.5).
  return html`<p class="field"><label for="ask-${name}">${label}</label><textarea id="ask-${name}" name="${name}" rows="2" placeholder="${hint}" autocapitalize="off" spellcheck="false">
${{ html: linesOf(value) }}</textarea></p>`;
}

/** A value that is no choice is shown, too, so that the reader sees what the question says. */
function select(name: string, label: string, choices: readonly Choice[], chosen: string, none: string): Html {
  const isChoice = chosen === "" || choices.some(({ value }) => value === chosen);
  const options = (isChoice ? choices : [...choices, { value: chosen, label: chosen }]).map((it) =>
    it.value === chosen
      ? html`<option value="${it.value}" selected>${it.label}</option>`
      : html`<option value="${it.value}">${it.label}</option>`,
  );
  return html`<p class="field"><label for="ask-${name}">${label}</label><select id="ask-${name}" name="${name}"><option value="">${none}</option>${{ html: options }}</select></p>`;
}
