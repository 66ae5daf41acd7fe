import type { PolicyConfig } from "../compile/schema/config-schema.ts";
import type { McpRules, McpTable } from "../mcp/mcp-rules.ts";
import type {
  ClaimGrants,
  ClaimHeader,
  Client,
  CorsPolicy,
  DpopSettings,
  MtlsSettings,
  ProtectedResource,
  RateLimit,
  Requirement,
  ResourceServer,
  Revocation,
  Scope,
  Telemetry,
} from "../policy.ts";
import type { ReportOnly } from "../settings/report-only.ts";

/**
 * The form of a policy that the build writes and the Worker loads: plain JSON. It is compiled except for the parts that
 * can contain variables, which are compiled when the Worker starts.
 */
export interface CompiledPolicy {
  readonly realm: string;
  /** As in the file, with variables. */
  readonly hosts?: PolicyConfig["hosts"] | undefined;
  /** As in the file, with variables. */
  readonly publicUrl?: PolicyConfig["publicUrl"] | undefined;
  readonly cors?: (Omit<CorsPolicy, "origins"> & { readonly origins: "*" | readonly string[] }) | undefined;
  /** As in the file, without `grants`. The Worker replaces the variables at its start and checks the result. */
  readonly issuers: NonNullable<PolicyConfig["issuers"]>;
  /** What the claims of each issuer's tokens grant, by the issuer's name. Left out: no issuer has grants. */
  readonly grants?: Readonly<Record<string, readonly CompiledGrants[]>> | undefined;
  readonly upstreams: NonNullable<PolicyConfig["upstreams"]>;
  /** As in the file, with variables. */
  readonly assertion?: PolicyConfig["assertion"] | undefined;
  readonly resourceServers: readonly ResourceServer[];
  readonly scopes: readonly Scope[];
  /** The longest path first. */
  readonly resources: readonly ProtectedResource[];
  readonly clients: readonly CompiledClient[];
  readonly claimHeaders: readonly ClaimHeader[];
  /** Left out: the file has none. */
  readonly dpop?: DpopSettings | undefined;
  /** Left out: the file has none. */
  readonly mtls?: MtlsSettings | undefined;
  /** Left out: the file has none. */
  readonly telemetry?: Telemetry | undefined;
  /** Left out: the file has none. */
  readonly revocation?: Revocation | undefined;
  /** Left out: the file has none. */
  readonly shadow?: CompiledShadow | undefined;
  readonly routes: CompiledRoutes;
}

/** The candidate policy that judges each request, too. */
export interface CompiledShadow {
  /** As in the file. */
  readonly file: string;
  /** Left out: the policy was compiled without its other files, so the gateway judges by itself only. */
  readonly candidate?: CompiledCandidate | undefined;
}

/** A candidate as it is compiled. It has the issuers of the policy that names it. */
export type CompiledCandidate = Omit<CompiledPolicy, "issuers" | "shadow">;

/** What the build writes and `#policy` is: the compiled policy with its digest, so that no request computes it. */
export interface BuiltPolicy extends CompiledPolicy {
  /** See `policyDigest`. */
  readonly digest: string;
  readonly shadow?: BuiltShadow | undefined;
}

/** A shadow with the digest that its candidate would have as the policy itself. */
export interface BuiltShadow extends CompiledShadow {
  readonly digest?: string | undefined;
}

/** The grants of one claim. The values are pairs, because a value can have any text and the name of a member cannot. */
export interface CompiledGrants extends Omit<ClaimGrants, "byValue"> {
  /** Each value with the full names of its scopes. */
  readonly values: readonly (readonly [value: string, scopes: readonly string[]])[];
}

/** A client whose scopes are a list. */
export interface CompiledClient extends Omit<Client, "scopes"> {
  readonly scopes: readonly string[];
}

/** The routes in columns, in the order of the file. A value that many routes share is stored once. */
export interface CompiledRoutes {
  readonly paths: readonly string[];
  readonly methods: Column<readonly string[]>;
  readonly requirements: Column<Requirement>;
  /** Names in `upstreams`. */
  readonly upstreams: Column<string>;
  /** As in the file, with variables; empty for a route that names no host. Left out: no route names a host. */
  readonly hosts?: Column<readonly string[]> | undefined;
  /** As in the file; empty for a route that has none. Left out: no route has one. */
  readonly upstreamPaths?: Column<string> | undefined;
  /** In the order in which requests are counted; `null` for a route without. Left out: no route has any. */
  readonly rateLimits?: Column<readonly RateLimit[] | null> | undefined;
  /** The rules of the routes that decide messages, by the route's index. Left out: no route does. */
  readonly mcp?: Readonly<Record<number, CompiledMcp>> | undefined;
  /** `null` for a route that enforces. Left out: all do. */
  readonly reports?: Column<ReportOnly | null> | undefined;
}

/** `McpRules` with a number for each requirement: its index in the values of `requirements`. */
export interface CompiledMcp
  extends Readonly<Record<McpTable, Readonly<Record<string, number>>>>,
    Pick<McpRules, "name" | "maxBodyBytes" | "filterLists"> {
  readonly streams?: number;
  readonly replies?: number;
  readonly origins?: readonly string[];
}

/** One value for each route. */
export interface Column<Value> {
  /** The distinct values. */
  readonly values: readonly Value[];
  /** The index in `values`, for each route. */
  readonly indices: readonly number[];
}
