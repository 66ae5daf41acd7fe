import { PROBLEM_TYPE } from "../../answer/problem.ts";
import { policyAt, withOpenReports } from "../../policy/analysis/reports.ts";
import type { Policy } from "../../policy/policy.ts";
import { WELL_KNOWN_PATH } from "../../policy/routing/reserved-paths.ts";
import type { Result } from "../../result.ts";
import { stringAt } from "../json-members.ts";
import { askGateway, type GatewayAnswer } from "../live/ask-gateway.ts";
import type { LiveGateway, NoGateway } from "../live/read-ready.ts";
import { policyOnHost } from "./policy-on-host.ts";
import { permittedPath, protectedPath, unservedPath } from "./smoke-requests.ts";

/** What one check found. */
export interface SmokeCheck {
  readonly name: "ready" | "policy" | "metadata" | "refusal" | "unknown route" | "token";
  /** `skipped`: the policy has nothing to check it with. */
  readonly outcome: "ok" | "failed" | "skipped";
  /** What was asked, and what came. */
  readonly found: string;
  /** What to do; only of a failed check. */
  readonly fix: string | undefined;
}

/** What a gateway is checked with. */
export interface SmokeOptions {
  readonly origin: string;
  /** What the gateway said of itself. */
  readonly live: Result<LiveGateway, NoGateway>;
  readonly policy: Policy;
  /** The policy's name for people, and its digest. */
  readonly file: { readonly name: string; readonly digest: string };
  readonly token: string | undefined;
  /** The path to call with the token; default: a route without parameters that the token opens. */
  readonly path: string | undefined;
  readonly nowMs: number;
}

/**
 * Checks a deployed gateway from outside, by a few GET requests: it is ready, has the policy, publishes its metadata,
 * refuses a caller without a token, and knows no other route. With a token, one call must come through. It changes
 * nothing, unless an upstream changes something on a GET.
 */
export async function runSmoke(options: SmokeOptions): Promise<readonly SmokeCheck[]> {
  const { origin, live, token } = options;
  const policy = policyOnHost(withOpenReports(policyAt(options.policy, options.nowMs)), origin);
  return [
    checkReady(live),
    checkPolicy(options),
    await checkMetadata(origin, policy),
    await checkRefusal(origin, policy),
    await checkUnknownRoute(origin, policy),
    ...(token === undefined ? [] : [await checkToken({ ...options, policy }, token)]),
  ];
}

function checkReady(live: SmokeOptions["live"]): SmokeCheck {
  if (!live.ok) return failed("ready", live.failure.message, "Deploy the gateway, or correct the address.");
  const { isReady, digest, issuersWithoutKeys } = live.value;
  if (isReady) return ok("ready", "every issuer has keys");
  if (digest === undefined) {
    return failed(
      "ready",
      "the policy is invalid with the gateway's vars",
      "Its log lists the faults. Correct the vars.",
    );
  }
  const fix = "Check the issuer's address in the vars: scopegate check --online.";
  return failed("ready", `no usable keys: ${issuersWithoutKeys.join(", ")}`, fix);
}

function checkPolicy({ live, file, origin }: SmokeOptions): SmokeCheck {
  const digest = live.ok ? live.value.digest : undefined;
  if (digest === undefined) return failed("policy", "the gateway does not say which one it has", "See above.");
  if (digest === file.digest) return ok("policy", `${digest}, as in ${file.name}`);
  const found = `${digest}, but ${file.name} has ${file.digest}`;
  return failed("policy", found, `Deploy ${file.name}, or see the difference: scopegate deployed ${origin}.`);
}

async function checkMetadata(origin: string, policy: Policy): Promise<SmokeCheck> {
  const [path = ""] = [...policy.resources.keys()].reverse();
  const url = WELL_KNOWN_PATH + path;
  const answer = await askGateway(origin, url);
  if (!answer.ok) return failed("metadata", answer.failure, TRY_AGAIN);
  const found = `GET ${url}: ${answer.value.status}`;
  const expected = (policy.publicUrl ?? origin) + path;
  const resource = stringAt(answer.value.json, "resource");
  if (answer.value.status !== 200 || resource === undefined) return failed("metadata", found, NOT_THE_GATEWAY);
  if (resource === expected) return ok("metadata", `${found}, resource ${resource}`);
  const fix = `Clients expect ${expected}. Call the gateway by its \`publicUrl\`, or correct \`publicUrl\` in the policy.`;
  return failed("metadata", `${found}, resource ${resource}`, fix);
}

async function checkRefusal(origin: string, policy: Policy): Promise<SmokeCheck> {
  const path = protectedPath(policy);
  if (path === undefined) return skipped("refusal", "no protected route takes GET");
  const answer = await askGateway(origin, path);
  if (!answer.ok) return failed("refusal", answer.failure, TRY_AGAIN);
  const found = `GET ${path} without a token: ${outcomeOf(answer.value)}`;
  const isRefused = outcomeOf(answer.value) === "401 credentials-missing";
  if (isRefused && answer.value.headers.has("www-authenticate")) return ok("refusal", found);
  return failed("refusal", found, `It must be 401 credentials-missing. ${NOT_THE_GATEWAY}`);
}

async function checkUnknownRoute(origin: string, policy: Policy): Promise<SmokeCheck> {
  const path = unservedPath(policy);
  const answer = await askGateway(origin, path);
  if (!answer.ok) return failed("unknown route", answer.failure, TRY_AGAIN);
  const found = `GET ${path}: ${outcomeOf(answer.value)}`;
  if (outcomeOf(answer.value) === "404 route-unknown") return ok("unknown route", found);
  const fix = `It must be 404 route-unknown. ${NOT_THE_GATEWAY}`;
  return failed("unknown route", found, fix);
}

async function checkToken({ origin, policy, path: given, nowMs }: SmokeOptions, token: string): Promise<SmokeCheck> {
  const path = given ?? (await permittedPath(policy, token, nowMs));
  if (path === undefined)
    return failed("token", "no protected route without parameters takes GET", "Name one: --path.");
  const text = token.trim().replace(/^bearer +/i, "");
  if (/[^!-~]/.test(text)) return failed("token", "it has blanks or characters that no token has", "Give one token.");
  const authorization = `Bearer ${text}`;
  const answer = await askGateway(origin, path, { authorization });
  if (!answer.ok) return failed("token", answer.failure, TRY_AGAIN);
  const found = `GET ${path} with the token: ${outcomeOf(answer.value)}`;
  if (answer.value.status < 400) return ok("token", found);
  const isGateway = reasonOf(answer.value) !== undefined;
  const why = `See why: scopegate explain GET ${path} --token-file FILE. Or name another path: --path.`;
  return failed("token", found, isGateway ? why : "The upstream answered that. Name another path: --path.");
}

const TRY_AGAIN = "Try again.";
const NOT_THE_GATEWAY =
  "Something else answers there, such as an origin that a route of the zone leaves this path to, or another policy is live.";

/** Status and reason of a refusal; of any other answer, the status alone. */
function outcomeOf(answer: GatewayAnswer): string {
  const reason = reasonOf(answer);
  return reason === undefined ? String(answer.status) : `${answer.status} ${reason}`;
}

function reasonOf({ json, headers }: GatewayAnswer): string | undefined {
  const type = stringAt(json, "type");
  const isProblem = headers.get("content-type")?.startsWith("application/problem+json");
  return isProblem && type?.startsWith(PROBLEM_TYPE) ? type.slice(PROBLEM_TYPE.length) : undefined;
}

function ok(name: SmokeCheck["name"], found: string): SmokeCheck {
  return { name, outcome: "ok", found, fix: undefined };
}

function skipped(name: SmokeCheck["name"], found: string): SmokeCheck {
  return { name, outcome: "skipped", found, fix: undefined };
}

function failed(name: SmokeCheck["name"], found: string, fix: string): SmokeCheck {
  return { name, outcome: "failed", found, fix };
}
