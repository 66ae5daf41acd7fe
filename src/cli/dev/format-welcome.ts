import { messagePost } from "../../explain/message/asked-message.ts";
import { LOCAL_TOKEN_URL } from "../../local/addresses.ts";
import type { StackPlan } from "../../local/plan/plan-stack.ts";
import type { UpstreamPlan } from "../../local/plan/plan-upstreams.ts";
import { membersOf, secretNames } from "../../local/plan/stack-source.ts";
import type { Stack } from "../../local/stack.ts";
import { placeholders } from "../../policy/source/placeholders.ts";
import { callOf } from "../args/command.ts";
import { formatColumns } from "../output.ts";
import { DEFAULT_POLICY } from "../policy-file/policy-source.ts";
import { quoted, type Shell } from "../print/shell.ts";
import type { Example, ExampleCall, ExampleToken } from "./example-calls.ts";

/** The parts of the stack that the welcome names. */
type Welcomed = Pick<Stack, "urls" | "plan" | "tokenUrl">;

/** The same, and the console's origin if it runs. */
interface Running extends Welcomed {
  readonly consoleUrl?: string | undefined;
}

/**
 * The first output of `npm run dev`: what is local, and commands to paste.
 *
 * @param policy name of the policy's file
 */
export function formatWelcome(running: Running, policy: string, example: Example, shell: Shell): readonly string[] {
  const { urls, consoleUrl } = running;
  return [
    "",
    `Scopegate listens on ${urls.gateway} and runs ${policy}.`,
    ...(consoleUrl === undefined ? [] : [`The console at ${consoleUrl} shows the policy and each decision.`]),
    "",
    ...formatStandIns(running),
    ...formatExample(running, policy, example, shell),
    `Changes to ${policy} and wrangler's file are reloaded. Ctrl-C stops. Decisions:`,
    "",
  ];
}

/** What the stack puts in the place of what the policy names. No lines if the policy has faults. */
export function formatStandIns({ plan, urls }: Pick<Welcomed, "plan" | "urls">): readonly string[] {
  const { policy, standIns, secret, issuers, upstreams, config } = plan;
  if (policy === undefined) return [];
  const secrets = new Set(secretNames(config));
  const kindOf = (name: string) => (secrets.has(name) ? "secret" : "variable");
  const played = new Set(issuers.map(({ name }) => name));
  const rows = [
    ...Array.from(policy.issuers.values(), ({ name, issuer }) => [
      "issuer",
      name,
      `${writtenAddress(plan, "issuers", name) ?? issuer}: ${played.has(name) ? "the local issuer signs its tokens" : "the real issuer"}`,
    ]),
    ...upstreams.map((upstream) => ["upstream", upstream.name, describeUpstream(upstream, urls, plan)]),
    ...Array.from(secret).flatMap((name) =>
      Object.hasOwn(standIns, name) ? [] : [[kindOf(name), name, "from .dev.vars or .env"]],
    ),
    ...Object.entries(standIns).map(([name, value]) =>
      secrets.has(name)
        ? [
            "secret",
            name,
            `not set in .dev.vars; here it is ${value.includes('"keys"') ? "a new key for assertions" : value}`,
          ]
        : ["variable", name, `not set in [vars] or .dev.vars, or a placeholder; here it is ${value}`],
    ),
  ];
  return [...formatColumns(rows).map((row) => `  ${row}`), ""];
}

/** An address as the policy writes it, if it contains a variable whose value must not be printed. */
function writtenAddress({ config, secret }: StackPlan, part: "issuers" | "upstreams", name: string) {
  const { issuer, url, service } = membersOf(membersOf(config, part), name);
  const written = [issuer, url, service].find((it) => typeof it === "string") ?? "";
  return Object.keys(placeholders(JSON.stringify(written))).some((it) => secret.has(it)) ? String(written) : undefined;
}

function describeUpstream(upstream: UpstreamPlan, urls: Stack["urls"], plan: StackPlan): string {
  const { binding, standIn } = upstream;
  const written = writtenAddress(plan, "upstreams", upstream.name);
  const address = `${written ?? upstream.address}${upstream.via === undefined ? "" : ` through ${upstream.via}`}`;
  if (standIn === undefined) return `${address}: the real service`;
  const local = standIn === "echo" ? "an echo shows each request" : `the example's ${standIn} service answers`;
  if (binding !== undefined) return `service binding ${address}: ${local}`;
  return address === urls[standIn === "echo" ? "gateway" : standIn]
    ? `${address}: ${local}`
    : `${address}: while nothing listens there, ${local}`;
}

function formatExample(stack: Welcomed, policy: string, { token, calls }: Example, shell: Shell): readonly string[] {
  if (calls.length === 0) return [];
  return [
    token === undefined ? "Calls to try:" : `A token for the client "${token.client}", and calls to try:`,
    "",
    ...(token === undefined ? [] : [`  ${tokenCommand(token, policy, stack.tokenUrl, shell)}`]),
    ...calls.map((call) => `  ${callCommand(call, stack.urls.gateway, shell)}`),
    "",
  ];
}

function tokenCommand(
  { client, scopes, issuer }: ExampleToken,
  policy: string,
  tokenUrl: string,
  shell: Shell,
): string {
  const options = [
    `--client ${quoted(client, shell)}`,
    ...(issuer === undefined ? [] : [`--issuer ${quoted(issuer, shell)}`]),
    ...(scopes === undefined || scopes === "" ? [] : [`--scope ${quoted(scopes, shell)}`]),
    ...(policy === DEFAULT_POLICY ? [] : [`--policy ${quoted(policy, shell)}`]),
    ...(tokenUrl === LOCAL_TOKEN_URL ? [] : [`--token-url ${tokenUrl}`]),
  ];
  // In some versions of npm, its script for PowerShell drops `--`.
  const npm = shell === "powershell" ? "npm.cmd" : "npm";
  const call = callOf({ name: "token", hasScript: true }).replace("npm run", `${npm} run --silent`);
  const command = `${call} ${options.join(" ")}`;
  return shell === "powershell" ? `$TOKEN = ${command}` : `TOKEN=$(${command})`;
}

function callCommand(call: ExampleCall, origin: string, shell: Shell): string {
  const { method, path, message, host, hasToken, outcome } = call;
  const post = message && messagePost(message);
  const options = [
    ...(method === "GET" || post ? [] : [`-X ${quoted(method, shell)}`]),
    ...(host === undefined ? [] : [`-H "Host: ${host}"`]),
    ...(hasToken ? [`-H "Authorization: Bearer $TOKEN"`] : []),
    ...Array.from(post?.headers ?? [], ([name, value]) => `-H ${quoted(`${name}: ${value}`, shell)}`),
  ];
  const target = quoted(`${origin}${path}`, shell);
  if (shell === "posix") {
    const data = post ? [`-d ${quoted(asciiJson(post.body), shell)}`] : [];
    return `${["curl -i", ...options, ...data, target].join(" ")}   # ${outcome}`;
  }
  // Some versions of PowerShell drop the quotes within an argument, but none changes what is piped.
  const piped = post ? `${quoted(asciiJson(post.body), shell)} | ` : "";
  return `${piped}${["curl.exe -i", ...options, ...(post ? ["--data-binary '@-'"] : []), target].join(" ")}   # ${outcome}`;
}

/** JSON in ASCII, which every terminal passes on as it is. */
function asciiJson(json: string): string {
  return json.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
