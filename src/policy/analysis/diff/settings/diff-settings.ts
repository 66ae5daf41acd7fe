import type { Policy } from "../../../policy.ts";
import type { NotCompared } from "./comparers.ts";
import { diffAssertion } from "./diff-assertion.ts";
import { diffClaimHeaders } from "./diff-claim-headers.ts";
import { diffCors } from "./diff-cors.ts";
import { diffDpop } from "./diff-dpop.ts";
import { diffGuarantees } from "./diff-guarantees.ts";
import { diffHosts } from "./diff-hosts.ts";
import { diffIssuers } from "./diff-issuers.ts";
import { diffRegistrations } from "./diff-registrations.ts";
import { diffResources } from "./diff-resources.ts";
import { diffRevocation } from "./diff-revocation.ts";
import { diffDeclaredScopes, diffResourceServers } from "./diff-scopes.ts";
import { diffTelemetry } from "./diff-telemetry.ts";
import { diffUpstreams } from "./diff-upstreams.ts";
import type { Note, SettingChange } from "./setting-change.ts";

/** Compares what is outside routes: whose tokens count, which scopes clients may be granted, and what upstreams see. */
export function diffSettings(before: Policy, after: Policy): readonly SettingChange[] {
  const changes: SettingChange[] = [];
  const note: Note = (kind, path, message, witness) =>
    changes.push({ kind, path, message, ...(witness && { witness }) });
  for (const compare of Object.values(POLICY)) if (typeof compare === "function") compare(before, after, note);
  return changes;
}

/** How each member of a policy is compared. A new member does not compile until it is listed. */
const POLICY: {
  readonly [Member in keyof Policy]-?: ((before: Policy, after: Policy, note: Note) => void) | NotCompared;
} = {
  issuers: diffIssuers,
  resourceServers: diffResourceServers,
  clients: diffRegistrations,
  // They are for people. The Worker does not have them.
  clientNames: "no-effect",
  // The same clients in another order.
  registrations: "elsewhere",
  claimHeaders: diffClaimHeaders,
  assertion: diffAssertion,
  scopes: diffDeclaredScopes,
  resources: diffResources,
  upstreams: diffUpstreams,
  realm: (before, after, note) => diffText("other", "realm", before.realm, after.realm, note),
  hosts: diffHosts,
  // Challenges send clients there for the metadata that names the authorization server.
  publicUrl: (before, after, note) => diffText("moved", "publicUrl", before.publicUrl, after.publicUrl, note),
  cors: diffCors,
  dpop: diffDpop,
  mtls: diffMtls,
  telemetry: diffTelemetry,
  revocation: diffRevocation,
  // It decides nothing. The comparison of its file with the policy says what it would change.
  shadow: (before, after, note) => diffText("other", "shadow", before.shadow, after.shadow, note),
  // With the routes that name them: see `diffRateLimits` and `compareLimits`.
  rateLimits: "elsewhere",
  guarantees: diffGuarantees,
  // `diffPolicies` compares what the routes do with every request.
  routes: "elsewhere",
  table: "elsewhere",
  // They follow from the routes.
  testedClaims: "elsewhere",
  asksForAuthentication: "elsewhere",
  hasMessages: "elsewhere",
  hasConditions: "elsewhere",
  hasReports: "elsewhere",
  byHost: "elsewhere",
  templates: "elsewhere",
  // They limit nobody.
  unusedRateLimits: "no-effect",
};

/** Without the member, only verified certificates count. */
function diffMtls({ mtls: was }: Policy, { mtls: is }: Policy, note: Note): void {
  const [waived, waives] = [was, is].map((mtls) => mtls?.trust === "binding-only");
  if (waived === waives) return;
  if (waives) note("looser", ["mtls", "trust"], "Client certificates that Cloudflare has not verified now count.");
  else note("tighter", ["mtls", "trust"], "Only client certificates that Cloudflare has verified still count.");
}

function diffText(
  kind: SettingChange["kind"],
  member: string,
  was: string | undefined,
  is: string | undefined,
  note: Note,
): void {
  if (was === is) return;
  if (was === undefined) note(kind, [member], `Now set to ${is}.`);
  else if (is === undefined) note(kind, [member], `No longer set. It was ${was}.`);
  else note(kind, [member], `Changed from ${was} to ${is}.`);
}
