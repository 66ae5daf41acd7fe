import type { Reason } from "../answer/denial.ts";
import { entryOf } from "../answer/reasons.ts";
import type { DryRun } from "../explain/dry-run.ts";
import { formatRequirement, shortestName } from "../policy/analysis/format-requirement.ts";
import type { Policy } from "../policy/policy.ts";

/** A longer text would hide the rest of a report. `explain` has all of it. */
const MAX_LENGTH = 300;

/** Why a request is forwarded, refused or answered, in one line for people. It never contains a token or a claim. */
export function whyDecided(run: DryRun, policy: Policy): string {
  const { wouldDeny } = run.exchange;
  if (wouldDeny === undefined) return whyNow(run, policy);
  const until = run.route?.report?.until;
  return `${whyNow({ ...run, denial: wouldDeny }, policy)} The route only reports that until ${until}.`;
}

function whyNow({ outcome, denial, route, exchange, response, isEndpoint }: DryRun, policy: Policy): string {
  const unmet = denial && UNMET[denial.reason];
  if (denial !== undefined && unmet === undefined) {
    const allow = response.headers.get("allow");
    const detail = denial.detail ?? (allow === null ? undefined : `It serves ${allow}.`);
    return [entryOf(denial).detail, ...(detail === undefined ? [] : [`(${detail})`])].join(" ");
  }
  if (isEndpoint) return "The path belongs to the gateway itself.";
  if (outcome === "answered" || route === undefined) {
    const { headers } = response;
    return headers.has("access-control-allow-origin")
      ? `The policy's \`cors\` allows the origin, and the path serves ${headers.get("access-control-allow-methods")}.`
      : "The policy's `cors` does not allow the origin.";
  }
  const what = `${exchange.method} ${route.path}`;
  const { requirement } = route;
  if (requirement.kind === "public") return `${what} is public.`;
  if (requirement.kind === "optional" && exchange.authentication === undefined) return `${what} needs no token.`;
  const granted = exchange.authentication?.token.granted.names ?? [];
  const names = granted.map((name) => shortestName(name, policy)).join(", ") || "no scope that counts";
  const required = shortened(formatRequirement(requirement, policy));
  return `${what} requires ${required}; the token grants ${shortened(names)}${unmet ?? ""}.`;
}

/** How a sentence about a requirement that is not met ends. Any other refusal has a sentence of its own. */
const UNMET: Readonly<Partial<Record<Reason, string>>> = {
  "scope-insufficient": "",
  "condition-not-met": ", and the conditions are not met",
  "authentication-insufficient": ", and its user did not authenticate in the required way",
};

function shortened(text: string): string {
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}... (cut off)` : text;
}
