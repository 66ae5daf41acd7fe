import fc from "fast-check";
import { meets } from "../../../src/policy/authorize.ts";
import type { RequiredScope } from "../../../src/policy/compile/schema/required-scope.ts";
import type { Policy, Route } from "../../../src/policy/policy.ts";
import { canonicalPath, hasEncodedSlash, hasPathParameters } from "../../../src/policy/routing/canonical-path.ts";
import { routeFor } from "../../../src/policy/routing/route-table.ts";
import { withImplied } from "../../../src/policy/scopes.ts";

/** How often a property is tried: more often when `PROPERTY_RUNS` is set in the environment. */
export function runs(usual: number): { numRuns: number } {
  return { numRuns: Number(globalThis.process?.env["PROPERTY_RUNS"] ?? usual) };
}

/** Full names of the scopes of a random policy. */
export const SCOPES = ["s/p", "s/q", "s/r"] as const;
export const CLIENTS = ["one", "two"] as const;
const METHODS = ["GET", "HEAD", "POST", "PATCH"];

const scope = fc.constantFrom("p", "q", "r");
const { formula } = fc.letrec<{ formula: RequiredScope }>((tie) => ({
  formula: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    scope,
    fc.record({ anyOf: fc.array(tie("formula"), { minLength: 1, maxLength: 3 }) }),
    fc.record({ allOf: fc.array(tie("formula"), { minLength: 1, maxLength: 3 }) }),
  ),
}));

/** What `scopes` of a route or `requires` of a guarantee may be. */
export const scopesMember = fc.array(formula, { minLength: 1, maxLength: 2 });

const requirement = fc.oneof(
  { weight: 4, arbitrary: fc.record({ scopes: scopesMember }) },
  { weight: 1, arbitrary: fc.constant({ public: true }) },
  { weight: 1, arbitrary: fc.constant({ authenticated: true }) },
  { weight: 1, arbitrary: fc.constant({ optional: true }) },
);

/** Patterns of up to three segments over two literals. Some of them end with `*` or with a slash. */
export const pattern = fc
  .tuple(fc.array(fc.constantFrom("a", "b", ":"), { maxLength: 3 }), fc.constantFrom("", "", "*", "*", "/"))
  .map(([parts, ending]) => {
    const named = parts.slice(0, ending === "*" ? 2 : 3).map((part, at) => (part === ":" ? `/:p${at}` : `/${part}`));
    return named.join("") + (ending === "*" ? "/*" : ending) || "/";
  });

export const methods: fc.Arbitrary<string[]> = fc.oneof(
  fc.uniqueArray(fc.constantFrom(...METHODS), { minLength: 1, maxLength: 3 }),
  fc.constant<string[]>(["*"]),
);

const route = fc
  .record({ path: pattern, methods, requirement, upstream: fc.constantFrom("u", "v") })
  .map(({ requirement: required, ...rest }) => ({ ...rest, ...required }));

const upstream = (url: string) =>
  fc.record(
    {
      url: fc.constantFrom(url, "https://w.example"),
      forwardAuthorization: fc.boolean(),
      allowPathParameters: fc.boolean(),
      allowEncodedSlash: fc.boolean(),
      allowHeaderNames: fc.uniqueArray(fc.constantFrom("x_legacy", "api_key"), { minLength: 1 }),
      originWide: fc.boolean(),
    },
    { requiredKeys: ["url"] },
  );

/** The pattern beneath a prefix. Parameters are named by their places, so that equal shapes have equal texts. */
function beneath(prefix: string, path: string): string {
  const segments = `${prefix}${path === "/" ? "" : path}`.split("/");
  return segments.map((segment, at) => (segment.startsWith(":") ? `:p${at - 1}` : segment)).join("/");
}

/** The file of a small policy, without guarantees. Routes that would conflict are left out. */
export const randomPolicyFile = fc
  .record({
    issuers: fc.record({
      main: fc.record({
        issuer: fc.constant("https://issuer.example"),
        profile: fc.constant("cognito"),
        registeredClientsOnly: fc.boolean(),
      }),
    }),
    implied: fc.boolean(),
    clients: fc.record(
      {
        one: fc.record({ scopes: fc.uniqueArray(scope) }),
        two: fc.record({ scopes: fc.uniqueArray(scope) }),
      },
      { requiredKeys: ["one"] },
    ),
    upstreams: fc.record({ u: upstream("https://u.example"), v: upstream("https://v.example") }),
    routes: fc.array(route, { minLength: 1, maxLength: 6 }),
    // Half of the policies have the same subtree in several places.
    copies: fc.oneof(fc.constant<string[]>([]), fc.subarray(["/:t", "/a"], { minLength: 1 })),
  })
  .map(({ implied, routes: originals, copies, ...rest }) => {
    const short = originals.filter(({ path }) => path.split("/").length <= 3);
    const routes = originals.concat(
      copies.flatMap((prefix) => short.map((it) => ({ ...it, path: beneath(prefix, it.path) }))),
    );
    const taken = new Set<string>();
    return {
      ...rest,
      resourceServers: { s: { scopes: { p: "p", q: { description: "q", implies: implied ? ["p"] : [] }, r: "r" } } },
      routes: routes.filter(({ path, methods: listed }) => {
        const keys = listed.map((method) => `${method} ${path}`);
        if (keys.some((key) => taken.has(key))) return false;
        for (const key of keys) taken.add(key);
        return true;
      }),
    };
  });

/** The files of two small policies, the second with some of the first's routes. */
export const randomPolicyPair = fc
  .tuple(randomPolicyFile, randomPolicyFile, fc.infiniteStream(fc.boolean()))
  .map(([before, other, choice]) => {
    const kept = before.routes.filter(() => choice.next().value);
    const keys = new Set(kept.flatMap(({ path, methods: listed }) => listed.map((method) => `${method} ${path}`)));
    const added = other.routes.filter(
      ({ path, methods: listed }) => !listed.some((method) => keys.has(`${method} ${path}`)),
    );
    const routes = [...added, ...kept];
    return { before, after: { ...other, routes: routes.length > 0 ? routes : before.routes } };
  });

/** Paths of so many segments at most, of which one text no pattern names, with and without a trailing slash. */
export function pathsUpTo(segments: number): readonly string[] {
  const paths = ["/"];
  let longest = [""];
  for (let depth = 0; depth < segments; depth++) {
    longest = longest.flatMap((path) => ["a", "b", "c"].map((segment) => `${path}/${segment}`));
    paths.push(...longest.flatMap((path) => [path, `${path}/`]));
  }
  return paths;
}

export const ALL_PATHS: readonly string[] = pathsUpTo(4);

/** All that random policies tell apart, and one that none names. */
export const ALL_METHODS: readonly string[] = [...METHODS, "REPORT"];

/** Every set of scopes. */
export const ALL_SCOPE_SETS: readonly (readonly string[])[] = SCOPES.reduce<readonly (readonly string[])[]>(
  (sets, name) => sets.flatMap((set) => [set, [...set, name]]),
  [[]],
);

/** The route that a request reaches, by the stages that the gateway runs. */
export function served(policy: Policy, method: string, path: string): Route | undefined {
  const result = canonicalPath(path, true);
  if (!result.ok) return undefined;
  const canonical = result.value;
  const leaf = policy.table.match(canonical);
  const found = leaf && routeFor(leaf, method);
  if (hasPathParameters(canonical) && !found?.upstream.allowPathParameters) return undefined;
  return hasEncodedSlash(canonical) && !found?.upstream.allowEncodedSlash ? undefined : found;
}

/** Whether a route lets a request through whose token grants these scopes; `undefined`: it comes without a token. */
export function permits(policy: Policy, { requirement }: Route, scopes: readonly string[] | undefined): boolean {
  if (requirement.kind === "public" || requirement.kind === "optional") return true;
  if (scopes === undefined) return false;
  return requirement.kind === "authenticated" || meets(requirement.expression, withImplied(policy.scopes, scopes));
}
