import { meets } from "../../authorize.ts";
import type { Issuer, Policy } from "../../policy.ts";
import { withImplied } from "../../scopes.ts";
import type { Lint } from "./lint-policy.ts";

/** What is odd about the file outside its routes: what nothing uses, and settings that are laxer than need be. */
export function lintSettings(policy: Policy): readonly Lint[] {
  return [...unusedScopes(policy), ...clientsThatOpenNothing(policy), ...upstreams(policy), ...issuers(policy)];
}

function unusedScopes({ routes, scopes }: Policy): readonly Lint[] {
  const required = new Set(
    routes.flatMap(({ requirement }) => (requirement.kind === "scopes" ? requirement.mentioned : [])),
  );
  return Array.from(scopes.byFullName.values())
    .filter(({ fullName, implies }) => !required.has(fullName) && !implies.some((name) => required.has(name)))
    .map(({ resourceServer, shortName }) => ({
      code: "unused-scope",
      severity: "notice",
      path: ["resourceServers", resourceServer, "scopes", shortName],
      message: `No route requires \`${shortName}\`.`,
      hint: "Require it somewhere, or remove it, unless an upstream looks at it itself.",
    }));
}

function clientsThatOpenNothing({ clients, routes, scopes }: Policy): readonly Lint[] {
  const takesAnyToken = routes.some(({ requirement }) => requirement.kind === "authenticated");
  return Array.from(clients.values())
    .filter((client) => {
      // Registered without scopes on purpose, where a token alone opens something.
      if (client.scopes.size === 0 && takesAnyToken) return false;
      const held = withImplied(scopes, client.scopes);
      return !routes.some(({ requirement }) => requirement.kind === "scopes" && meets(requirement.expression, held));
    })
    .map(({ id }) => ({
      code: "client-opens-nothing",
      severity: "warning",
      path: ["clients", id, "scopes"],
      message: `No route opens to \`${id}\` by its scopes.`,
      hint: "Give it the scopes of a route, or remove it.",
    }));
}

function upstreams({ upstreams: all, routes }: Policy): readonly Lint[] {
  const used = new Set(routes.map(({ upstream }) => upstream.name));
  const lints: Lint[] = [];
  for (const upstream of all.values()) {
    if (!used.has(upstream.name)) {
      lints.push({
        code: "unused-upstream",
        severity: "warning",
        path: ["upstreams", upstream.name],
        message: "No route goes to this upstream.",
        hint: "Remove it, or add the route that was meant.",
      });
    }
    if (upstream.kind === "url" && upstream.origin.startsWith("http:")) {
      lints.push({
        code: "http-upstream",
        severity: "notice",
        path: ["upstreams", upstream.name, "url"],
        message: "This upstream is reached by http, on loopback.",
        hint: "That is for a local stack only: write its https address wherever the Worker is deployed.",
      });
    }
  }
  return lints;
}

/** Servers' clocks agree within seconds: what is longer lets tokens outlive their `exp` for no reason. */
const LONGEST_CLOCK_TOLERANCE_SECONDS = 300;
/** Nobody is away from a broken issuer for longer; all that time a key counts that the issuer may have removed. */
const LONGEST_STALE_SECONDS = 7 * 24 * 60 * 60;

function issuers({ issuers: all, clients, routes }: Policy): readonly Lint[] {
  const needsTokens = routes.some(({ requirement }) => requirement.kind !== "public");
  return Array.from(all.values()).flatMap((issuer) =>
    needsTokens ? [...issuerClients(issuer, clients.size > 0), ...issuerDurations(issuer)] : [unusedIssuer(issuer)],
  );
}

function unusedIssuer({ name }: Issuer): Lint {
  return {
    code: "unused-issuer",
    severity: "warning",
    path: ["issuers", name],
    message: "No route reads a token, so that no issuer is ever used.",
    hint: "Remove it, or say on the routes who may call them.",
  };
}

function issuerClients({ name, registeredClientsOnly }: Issuer, hasClients: boolean): readonly Lint[] {
  if (registeredClientsOnly === hasClients) return [];
  if (registeredClientsOnly) {
    return [
      {
        code: "no-registered-client",
        severity: "warning",
        path: ["issuers", name, "registeredClientsOnly"],
        message: "No client is registered, so that every token of this issuer is refused.",
        hint: "List the clients in `clients`, or leave this out to accept any.",
      },
    ];
  }
  return [
    {
      code: "unregistered-clients",
      severity: "notice",
      path: ["issuers", name],
      message: "Clients that are not in `clients` are accepted, and those that are may use any scope of their token.",
      hint: 'Set "registeredClientsOnly": true to hold all clients to the list.',
    },
  ];
}

function issuerDurations({ name, clockToleranceSeconds, keys: { maxStaleSeconds } }: Issuer): readonly Lint[] {
  const lints: Lint[] = [];
  if (clockToleranceSeconds > LONGEST_CLOCK_TOLERANCE_SECONDS) {
    lints.push({
      code: "long-clock-tolerance",
      severity: "warning",
      path: ["issuers", name, "clockToleranceSeconds"],
      message: `Tokens are accepted for ${clockToleranceSeconds} s after they expired.`,
      hint: `Set ${LONGEST_CLOCK_TOLERANCE_SECONDS} or less: servers' clocks agree within seconds.`,
    });
  }
  if (maxStaleSeconds > LONGEST_STALE_SECONDS) {
    lints.push({
      code: "long-stale-keys",
      severity: "warning",
      path: ["issuers", name, "keys", "maxStaleSeconds"],
      message: `A key that the issuer removed may count for ${maxStaleSeconds} s, if the issuer cannot be reached.`,
      hint: `Set ${LONGEST_STALE_SECONDS} (7 days) or less.`,
    });
  }
  return lints;
}
