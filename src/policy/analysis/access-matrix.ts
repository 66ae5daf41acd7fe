import { admitsAnyone, asksForBinding, authorize, type Holder } from "../authorize.ts";
import type { Policy, Requirement, Route } from "../policy.ts";
import { stepUpOf } from "../requirements/step-up.ts";
import { enforcedFrom } from "../settings/report-only.ts";
import { accessTo, type ClientAccess, type ClientHolder, clientAccess, issOf, mayCall } from "./client-access.ts";
import { formatRequirement } from "./format-requirement.ts";
import { unrestrictedIssuers } from "./issuers-in-use.ts";
import { holdersOfValue, type MappedValue, mappedValues } from "./mapped-values.ts";
import type { Message } from "./messages/message.ts";
import { matrixRowsOf } from "./messages/route-rows.ts";
import type { OnStep } from "./on-step.ts";
import { withOpenReport } from "./reports.ts";

/** Which registered clients may call which routes, if each has a token with all the scopes of its registration. */
export interface AccessMatrix {
  /** Keys of the clients, in the order of the file. */
  readonly clients: readonly string[];
  /** What people call them: see `Policy.clientNames`. By key; left out: no client has a name. */
  readonly clientNames?: Readonly<Record<string, string>>;
  /** One row per route, in the order of the file. An MCP route has one for each of its entries: see `matrixRowsOf`. */
  readonly rows: readonly AccessRow[];
  /**
   * Names of the issuers that do not enforce registrations (`registeredClientsOnly`). A token of such an issuer opens
   * every route whose scopes it grants, even if the matrix says no. Empty: the matrix shows what the gateway enforces.
   */
  readonly unrestrictedIssuers: readonly string[];
  /** The values of claims that grant scopes, if the matrix has a column for each. */
  readonly grants?: readonly MappedValue[];
}

/** One route, or some MCP messages to one, and who may call it. */
export interface AccessRow {
  readonly methods: readonly string[];
  readonly path: string;
  /**
   * The MCP messages, with the entry that decides them. Left out: the requests are no messages; with POST to an MCP
   * route that only reports, they are the messages that no entry lists.
   */
  readonly mcp?: Message;
  /** The hosts that the route names; left out: it names none, and serves where no route that names the host does. */
  readonly hosts?: readonly string[];
  /** For people: see `formatRequirement`. */
  readonly requirement: string;
  /**
   * The first day (UTC) on which the route enforces its requirement, and is no longer public; left out: it enforces.
   */
  readonly enforcedFrom?: string;
  readonly upstream: string;
  /** Whether callers without a token may call the route. */
  readonly isPublic: boolean;
  /** For each client, in the order of `clients`: whether it may call the route with the scopes of its registration. */
  readonly allowed: readonly boolean[];
  /**
   * For each client that is not `allowed`: whether the gateway would let it through with a token that has more scopes.
   */
  readonly unenforced: readonly boolean[];
  /**
   * For each of `grants`: whether a token with this value, which grants no scope beyond those of the value, may call
   * the route if it meets the conditions that it can meet. Where the issuer accepts registered clients only, a token of
   * one of them must be able to.
   */
  readonly granted?: readonly boolean[];
  /**
   * For each client, and then for each of `granted`: whether it may call the route only if conditions are met. Left
   * out: the route has no conditions, takes bearer tokens, and asks nothing of the authentication.
   */
  readonly conditional?: readonly boolean[];
}

/**
 * Builds the access matrix. What each client can do comes from `clientAccess`, which also says what is assumed of its
 * tokens. A route with `report` counts as public: `policyOn` removes each `report` that has ended. Does not check
 * whether a more specific route takes over some of a route's paths.
 *
 * @param hasGrants whether there is a column for each value of a claim that grants scopes
 * @param onStep is told, at every route, that the matrix is built
 */
export function accessMatrix(policy: Policy, hasGrants = false, onStep: OnStep = () => {}): AccessMatrix {
  const clients = clientAccess(policy);
  const grants = hasGrants ? mappedValues(policy) : undefined;
  const holders = grants?.map((value) => holdersWith(value, policy));
  // Thousands of routes may share a requirement.
  const byRequirement = new Map<Requirement, RequirementRow>();
  const rows = policy.routes.flatMap((route) => {
    onStep("building the matrix");
    const { path, hosts, upstream } = route;
    return matrixRowsOf(route).map(({ methods, mcp, requirement: required }): AccessRow => {
      const requirement = required === undefined || route.report ? withOpenReport(route).requirement : required;
      const known = byRequirement.get(requirement) ?? rowOf(requirement, policy, clients, holders);
      byRequirement.set(requirement, known);
      const { requirement: words, ...access } = known;
      return {
        methods,
        path,
        ...(mcp && { mcp }),
        ...(hosts && { hosts }),
        requirement: words,
        upstream: upstream.name,
        ...access,
        ...laterOf(route.report, required, policy),
      };
    });
  });
  return {
    clients: clients.map(({ client }) => client.name),
    ...(policy.clientNames && { clientNames: namesByKey(policy.clientNames) }),
    rows,
    unrestrictedIssuers: unrestrictedIssuers(policy).map(({ name }) => name),
    ...(grants && { grants }),
  };
}

/** Without a prototype: a client may be called `toString`, which an ordinary object always has. */
function namesByKey(names: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  return Object.setPrototypeOf(Object.fromEntries(names), null);
}

/** What is different in the row of a route that only reports: the table says what holds until it enforces. */
function laterOf(
  report: Route["report"],
  requirement: Requirement | undefined,
  policy: Policy,
): Pick<AccessRow, "requirement" | "enforcedFrom"> | undefined {
  if (report === undefined) return undefined;
  const later = requirement === undefined ? "refused: not listed" : formatRequirement(requirement, policy);
  return {
    requirement: `public until ${report.until}, then ${later}`,
    enforcedFrom: enforcedFrom(report),
  };
}

/** What all routes with one requirement have in common. */
type RequirementRow = Pick<
  AccessRow,
  "requirement" | "isPublic" | "allowed" | "unenforced" | "granted" | "conditional"
>;

function holdersWith(value: MappedValue, policy: Policy): readonly ClientHolder[] {
  const issuer = policy.issuers.get(issOf(policy, value.issuer) ?? "");
  return issuer === undefined ? [] : holdersOfValue(policy, issuer, value).map(({ holder }) => holder);
}

/** Whether more decides than the scopes: conditions, whether the token is bound, or how the user authenticated. */
function dependsOnClaims(requirement: Requirement): boolean {
  if (stepUpOf(requirement) !== undefined) return true;
  return asksForBinding(requirement) || (requirement.kind === "scopes" && requirement.conditions !== undefined);
}

function rowOf(
  requirement: Requirement,
  policy: Policy,
  clients: readonly ClientAccess[],
  holders: readonly (readonly ClientHolder[])[] | undefined,
): RequirementRow {
  const access = clients.map((client) => accessTo(requirement, client));
  const isPermitted = (holder: Holder | undefined): boolean => authorize(requirement, holder) === "permitted";
  return {
    requirement: formatRequirement(requirement, policy),
    isPublic: admitsAnyone(requirement),
    allowed: access.map((it) => it === "yes"),
    unenforced: access.map((it) => it === "unenforced"),
    ...(dependsOnClaims(requirement) && {
      conditional: [
        ...clients.map(({ holder }, at) => access[at] === "yes" && !isPermitted(holder)),
        ...(holders ?? []).map(
          (some) => some.some((holder) => mayCall(requirement, holder)) && !some.some(isPermitted),
        ),
      ],
    }),
    ...(holders && {
      granted: holders.map((some) => admitsAnyone(requirement) || some.some((holder) => mayCall(requirement, holder))),
    }),
  };
}
