import type { CompiledMcp, CompiledPolicy } from "./compiled-policy.ts";

/** The form of a digest: `sha256:` and 64 hex digits. */
export const POLICY_DIGEST = /^sha256:[0-9a-f]{64}$/;

/**
 * The digest of a compiled policy: `sha256:` and the SHA-256 of its canonical form, in hex. It tells which policy a
 * Worker has, not who wrote it: it is not a signature.
 *
 * The digest ignores what changes no answer: the format of the file, descriptions, lint reasons, guarantees, the
 * shadow, and the order of members, routes, methods, scopes and other lists without an order. Variables count by name,
 * because their values belong to the environment: a policy has the same digest in every environment. A default that is
 * written out changes the digest.
 *
 * The form leaves out the parts that a policy does not use. So a new part of the format keeps the digests of old
 * policies.
 */
export async function policyDigest(compiled: CompiledPolicy): Promise<string> {
  const bytes = new TextEncoder().encode(canonicalJson(canonicalForm(compiled)));
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return `sha256:${Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/**
 * The members, with every list that has no order sorted. Any other list keeps its order: two policies that differ must
 * not have one digest. A new member does not compile until it is listed.
 */
function canonicalForm(policy: CompiledPolicy): { readonly [Member in keyof CompiledPolicy]: unknown } {
  const { paths, methods, requirements, upstreams, hosts, upstreamPaths, mcp, reports, rateLimits } = policy.routes;
  // Many routes share them, so each is put in order once.
  const methodForms = methods.values.map(sorted);
  const requirementForms = requirements.values.map(requirementForm);
  return {
    realm: policy.realm,
    hosts: sorted(policy.hosts),
    publicUrl: policy.publicUrl,
    cors: policy.cors && {
      ...policy.cors,
      origins: policy.cors.origins === "*" ? "*" : sorted(policy.cors.origins),
      exposedHeaders: sorted(policy.cors.exposedHeaders),
    },
    issuers: mapValues(policy.issuers, (issuer) => ({
      ...issuer,
      algorithms: sorted(issuer.algorithms),
      tenants: Array.isArray(issuer.tenants) ? sorted(issuer.tenants) : issuer.tenants,
      audiences: sorted(issuer.audiences),
      scopeClaim: typeof issuer.scopeClaim === "object" ? sorted(issuer.scopeClaim) : issuer.scopeClaim,
    })),
    grants:
      policy.grants &&
      mapValues(policy.grants, (claims) => claims.map(({ claim, values }) => ({ claim, values: sorted(values) }))),
    upstreams: mapValues(policy.upstreams, (upstream) => ({
      ...upstream,
      allowHeaderNames: sorted(upstream.allowHeaderNames),
    })),
    assertion: policy.assertion,
    resourceServers: sorted(policy.resourceServers.map((server) => ({ ...server, scopes: sorted(server.scopes) }))),
    scopes: sorted(policy.scopes.map(({ description: _, ...scope }) => ({ ...scope, implies: sorted(scope.implies) }))),
    resources: sorted(policy.resources.map((resource) => ({ ...resource, scopes: sorted(resource.scopes) }))),
    clients: sorted(policy.clients.map((client) => ({ ...client, scopes: sorted(client.scopes) }))),
    claimHeaders: sorted(policy.claimHeaders),
    dpop: policy.dpop && { ...policy.dpop, algorithms: sorted(policy.dpop.algorithms) },
    mtls: policy.mtls,
    telemetry: policy.telemetry,
    revocation: policy.revocation,
    // It changes no answer, and its candidate has a digest of its own.
    shadow: undefined,
    routes: sorted(
      paths.map((path, at) => ({
        path,
        methods: methodForms[methods.indices[at] ?? -1],
        requirement: requirementForms[requirements.indices[at] ?? -1],
        upstream: upstreams.values[upstreams.indices[at] ?? -1],
        hosts: hosts && sortedOrNone(hosts.values[hosts.indices[at] ?? -1]),
        rateLimits: rateLimits?.values[rateLimits.indices[at] ?? -1] ?? undefined,
        upstreamPath: upstreamPaths?.values[upstreamPaths.indices[at] ?? -1] || undefined,
        mcp: mcp?.[at] && mcpForm(mcp[at], requirementForms),
        report: reports?.values[reports.indices[at] ?? -1]?.until,
      })),
    ),
  };
}

type Requirement = CompiledPolicy["routes"]["requirements"]["values"][number];
type Expression = Extract<Requirement, { readonly kind: "scopes" }>["expression"];

function requirementForm(requirement: Requirement): unknown {
  // The other members follow from the expression.
  if (requirement.kind !== "scopes") return requirement;
  const { expression, mentioned: _, conditions: __, ...rest } = requirement;
  return { ...rest, expression: expressionForm(expression) };
}

/** The rules of messages with their requirements in place of the indices, which depend on the other routes. */
function mcpForm(
  mcp: CompiledMcp,
  requirements: readonly unknown[],
): { readonly [Member in keyof CompiledMcp]: unknown } {
  const table = (entries: CompiledMcp["tools"]): unknown => mapValues(entries, (index) => requirements[index]);
  const one = (index: number | undefined): unknown => (index === undefined ? undefined : requirements[index]);
  return {
    ...mcp,
    methods: table(mcp.methods),
    tools: table(mcp.tools),
    resources: table(mcp.resources),
    prompts: table(mcp.prompts),
    streams: one(mcp.streams),
    replies: one(mcp.replies),
    origins: sorted(mcp.origins),
  };
}

function expressionForm(expression: Expression): unknown {
  switch (expression.kind) {
    case "scope":
      return expression;
    case "claim":
      return { kind: expression.kind, claim: expression.claim, in: sorted(expression.in) };
    case "parameter":
      return { kind: expression.kind, segment: expression.segment, equals: expression.equals };
    default:
      return { ...expression, of: sorted(expression.of.map(expressionForm)) };
  }
}

/** Without hosts, a route has no such member: its form is the one that it had before routes could name hosts. */
function sortedOrNone(hosts: readonly string[] | undefined): readonly unknown[] | undefined {
  return hosts?.length === 0 ? undefined : sorted(hosts);
}

/** A list without an order, in the order of its items' canonical texts. */
function sorted(list: readonly unknown[] | undefined): readonly unknown[] | undefined {
  return list
    ?.map((item) => ({ item, text: canonicalJson(item) }))
    .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
    .map(({ item }) => item);
}

function mapValues<Value>(record: Readonly<Record<string, Value>>, change: (value: Value) => unknown): unknown {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}

/** JSON with the members of every object in the order of their names. Members that are `undefined` are left out. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_name, member: unknown) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}
