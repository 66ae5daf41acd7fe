import { ALL_REASONS } from "../../../answer/all-reasons.ts";
import type { Reason } from "../../../answer/denial.ts";
import { samplePath } from "../../../policy/analysis/collection-paths.ts";
import { issuerOf } from "../../../policy/issuers/tenants.ts";
import type { Policy } from "../../../policy/policy.ts";
import type { DecisionLine } from "../../decisions/decision-line.ts";
import { usablePath } from "../../replay/places.ts";
import { type Question, whyAddress } from "../parts/why-address.ts";
import { clientName } from "./client-name.ts";

/** A decision of the log, asked again under `Why?`. */
export interface WhyLink {
  readonly href: string;
  /** What the question assumes because the line does not have it, for people; empty: nothing. */
  readonly assumed: string;
}

/** Longer addresses are no links: Node answers them with 431. */
const MAX_ADDRESS_LENGTH = 8_000;

/**
 * The question that a decision line answers: its method, its path, its MCP message, and its caller as far as the token
 * was verified.
 *
 * The log has the pattern and not the path, because paths may contain personal data and secrets, and an address stays
 * in the history of the browser. So the path is made up, unless `telemetry.path` writes paths to the log anyway. A
 * subject is left out for the same reason, so a condition on it may come out differently.
 *
 * @returns `undefined`: the line names no route and no path, or asks for too much to be an address
 */
export function whyLink(line: DecisionLine, policy: Policy | undefined): WhyLink | undefined {
  const written = usablePath(line.path);
  const path = written ?? sampleOf(line.route);
  if (path === undefined) return undefined;
  const caller = callerOf(line, policy);
  const href = whyAddress({ method: line.method, path, ...messageOf(line), ...caller });
  if (href.length > MAX_ADDRESS_LENGTH) return undefined;
  const assumed = [path === line.route || path === written ? [] : `the path ${path}`, assumedToken(line, caller)];
  return { href, assumed: assumed.flat().join(", ") };
}

/** A path of a pattern. In the line of a 405, the parameters have no names. */
function sampleOf(pattern: string | undefined): string | undefined {
  return pattern && samplePath(pattern.replaceAll(/\/:(?=\/|$)/g, "/:parameter"));
}

function messageOf({ mcp_method: method, mcp_name: names }: DecisionLine): Partial<Question> {
  return method === undefined ? {} : { message: names === undefined ? method : `${method} ${names}` };
}

/** The verified token: the registration of its client, if it has one, with the scopes that it granted. */
function callerOf({ issuer: iss, client_id: id, granted, tenant }: DecisionLine, policy: Policy | undefined) {
  if (iss === undefined || policy === undefined) return {};
  const client = id === undefined ? undefined : clientName(policy, iss, id);
  const issuer = client === undefined ? issuerOf(policy, iss)?.name : undefined;
  return {
    ...(client !== undefined && { client }),
    ...(granted !== undefined && granted.length > 0 && { scope: granted }),
    ...(issuer !== undefined && { issuer }),
    ...(tenant !== undefined && { tenant }),
  };
}

/** What the question cannot say of the token: that authentication refused it, or that it had no scopes. */
function assumedToken({ reason }: DecisionLine, caller: Partial<Question>): string[] {
  const isKnown = Object.keys(caller).length > 0;
  if (isRefusedToken(reason)) return [isKnown ? "a token that is valid" : "no token"];
  return caller.client !== undefined && caller.scope === undefined ? ["all scopes of the client"] : [];
}

function isRefusedToken(reason: string | undefined): boolean {
  if (reason === undefined || reason === "credentials-missing" || !Object.hasOwn(ALL_REASONS, reason)) return false;
  return ALL_REASONS[reason as Reason].stage === "authenticate";
}
