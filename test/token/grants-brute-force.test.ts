/** What a token grants, against a straightforward reading of `routes.json`, on random policies and random claims. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { Denial } from "../../src/answer/denial.ts";
import { loadCompiledPolicy } from "../../src/policy/compiled/load-compiled-policy.ts";
import { OPTIONAL_MODULES } from "../../src/policy/compiled/optional-modules.ts";
import { compileForWorker } from "../../src/policy/compiled/serialize-policy.ts";
import { admit } from "../../src/token/admit.ts";
import { ScopePool } from "../../src/token/shared-scopes.ts";
import { runs } from "../support/policy/random-policy.ts";

const IMPLIED: Readonly<Record<string, readonly string[]>> = { "s/write": ["s/read"], "t/all": ["t/read", "s/read"] };
const SCOPES = ["s/read", "s/write", "t/read", "t/all"];
const CLAIMS = ["scope", "groups", "https://x/roles", "/realm/roles", "permissions"];
const VALUES = ["staff", "lead", "read", "all", "s/read", "t/read", "a b", "constructor", "__proto__", "toString"];
const AUDIENCES = ["s", "t", "api", "web"];
/** `report-nesting` refuses names that objects have by themselves. */
const MAPPED = VALUES.filter((value) => !["constructor", "__proto__"].includes(value));

const grants = fc.dictionary(
  fc.constantFrom(...CLAIMS),
  fc.dictionary(fc.constantFrom(...MAPPED), fc.subarray([...SCOPES, "*", "t/*", "*ead"], { minLength: 1 }), {
    minKeys: 1,
    maxKeys: 3,
  }),
  { minKeys: 1, maxKeys: 3 },
);
const issuer = fc.record(
  {
    profile: fc.constantFrom("cognito", "generic"),
    audiences: fc.subarray(AUDIENCES, { minLength: 1 }),
    audienceClaims: fc.shuffledSubarray(["aud", "azp", "client_id", "/realm/for"], { minLength: 1 }),
    scopeClaim: fc.oneof(fc.constantFrom(...CLAIMS), fc.shuffledSubarray(CLAIMS, { minLength: 1, maxLength: 3 })),
    scopeNames: fc.constantFrom("full", "short"),
    registeredClientsOnly: fc.boolean(),
    grants,
  },
  { requiredKeys: ["profile", "audiences"] },
);
const file = fc
  .record({ one: issuer, two: issuer, isLimited: fc.boolean(), web: fc.subarray(SCOPES) })
  .map((parts) => ({
    issuers: {
      one: { issuer: "https://one.example", ...parts.one },
      two: { issuer: "https://two.example", ...parts.two },
    },
    resourceServers: {
      s: { scopes: { read: "", write: { description: "", implies: ["s/read"] } } },
      t: {
        ...(parts.isLimited && { issuers: ["one"] }),
        scopes: { read: "", all: { description: "", implies: ["t/read", "s/read"] } },
      },
    },
    clients: { web: { issuer: "one", scopes: parts.web } },
    upstreams: { u: { url: "https://u.example" } },
    routes: [{ path: "/", methods: ["GET"], authenticated: true, upstream: "u" }],
  }));

const text = fc.oneof(
  fc.constantFrom<unknown>(...VALUES, "", "read s/write", "staff lead"),
  fc.constantFrom<unknown>(1, true, null, ["staff"], { staff: true }),
);
const claim = fc.oneof(
  text,
  fc.array(text, { maxLength: 4 }),
  fc
    .array(fc.tuple(fc.constantFrom(...VALUES), fc.constantFrom<unknown>(true, false, null, 0, {}, "x")), {
      maxLength: 3,
    })
    .map((members) => Object.fromEntries(members)),
);
const audience = fc.oneof(
  fc.constantFrom<unknown>(undefined, undefined, ...AUDIENCES, "", null, 1, []),
  fc.array(fc.constantFrom<unknown>(...AUDIENCES, "", 1), { maxLength: 2 }),
);
const claims = fc.record(
  {
    aud: audience,
    azp: audience,
    client_id: fc.constantFrom<unknown>("web", "api", "else", undefined, 1),
    scope: claim,
    groups: claim,
    permissions: claim,
    "https://x/roles": claim,
    realm: fc.oneof(claim, fc.record({ roles: claim, for: audience }, { requiredKeys: [] })),
  },
  { requiredKeys: ["client_id"] },
);

interface Settings {
  readonly profile: string;
  readonly audiences: readonly string[];
  readonly audienceClaims?: readonly string[];
  readonly scopeClaim?: string | readonly string[];
  readonly scopeNames?: string;
  readonly registeredClientsOnly?: boolean;
  readonly grants?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}
interface Written {
  readonly issuers: { readonly one: Settings; readonly two: Settings };
  readonly clients: { readonly web: { readonly scopes: readonly string[] } };
  readonly resourceServers: { readonly t: { readonly issuers?: readonly string[] } };
}

/** What the token grants, by the words of the documentation; `undefined`: it is refused. */
function expected(policy: Written, name: "one" | "two", token: unknown) {
  const settings = policy.issuers[name];
  const { profile, audiences, grants: mapped = {}, scopeNames = profile === "cognito" ? "full" : "short" } = settings;
  const at = (place: string): unknown =>
    (place.startsWith("/") ? place.slice(1).split("/") : [place]).reduce(own, token);
  const client = ["client_id", "azp", "cid", "appid"].map(at).find(isFilled);
  if (profile === "cognito" && !isFilled(at("client_id"))) return undefined;
  const places = settings.audienceClaims ?? (profile === "cognito" ? ["aud", "client_id"] : ["aud"]);
  if (!list(places.map(at).find((it) => it !== undefined)).some((it) => audiences.includes(it))) return undefined;
  const registered = name === "one" && client === "web" ? policy.clients.web.scopes : undefined;
  if (settings.registeredClientsOnly && registered === undefined) return undefined;
  const granted = new Set<string>();
  const servers: readonly string[] = list(at("aud")).filter((it) => it === "s" || it === "t");
  for (const place of [settings.scopeClaim ?? "scope"].flat()) {
    const value = at(place);
    for (const word of typeof value === "string" ? value.split(" ") : valuesOf(value)) {
      if (SCOPES.includes(word)) granted.add(word);
      else if (scopeNames === "short") {
        const meant = SCOPES.filter((it) => it.endsWith(`/${word}`) && !word.includes("/"));
        const addressed = meant.filter((it) => servers.includes(it[0] ?? ""));
        for (const scope of servers.length > 0 ? addressed : meant.length === 1 ? meant : []) granted.add(scope);
      }
    }
  }
  for (const [place, values] of Object.entries(mapped)) {
    for (const value of valuesOf(at(place))) {
      for (const scope of Object.hasOwn(values, value) ? (values[value] ?? []) : []) {
        const pattern = new RegExp(`^${scope.replaceAll("*", ".*")}$`);
        const isShort = scope.includes("*");
        for (const it of SCOPES) if (pattern.test(it) || (isShort && pattern.test(it.slice(2)))) granted.add(it);
      }
    }
  }
  const isLimited = policy.resourceServers.t.issuers !== undefined && name !== "one";
  const mayGrant = (scope: string): boolean => !(isLimited && scope.startsWith("t/"));
  const isKept = (scope: string): boolean => !settings.registeredClientsOnly || registered?.includes(scope) === true;
  const names = [...granted].filter((it) => mayGrant(it) && isKept(it));
  const effective = new Set(names.flatMap((it) => [it, ...(IMPLIED[it] ?? [])]).filter(mayGrant));
  return { names: names.sort(), effective: [...effective].sort() };
}

function own(value: unknown, step: string): unknown {
  const isObject = typeof value === "object" && value !== null;
  return isObject ? Object.getOwnPropertyDescriptor(value, step)?.value : undefined;
}

function isFilled(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function list(value: unknown): readonly string[] {
  if (typeof value === "string") return value === "" ? [] : [value];
  return Array.isArray(value) && value.every((it) => typeof it === "string" && it !== "") ? value : [];
}

function valuesOf(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.filter((it) => typeof it === "string");
  return Object.entries(value ?? {}).flatMap(([name, it]) => (it === false || it === null ? [] : [name]));
}

it("a token grants what a plain reading of its claims and the policy says", () => {
  let [accepted, granting] = [0, 0];
  fc.assert(
    fc.property(file, fc.array(claims, { minLength: 6, maxLength: 6 }), (written, tokens) => {
      const compiled = compileForWorker(written, {});
      // A grant by name of what the issuer may not grant, or by a wildcard that is left with nothing, is a fault.
      if (!compiled.ok) {
        expect(compiled.failure.map(({ path }) => path[2])).toSatisfy((at: unknown[]) =>
          at.every((it) => it === "grants"),
        );
        return;
      }
      // As the Worker gets it.
      const loaded = loadCompiledPolicy(JSON.parse(JSON.stringify(compiled.value)), {}, OPTIONAL_MODULES);
      if (!loaded.ok) throw new Error("The stored policy does not load.");
      const pool = new ScopePool();
      for (const token of tokens) {
        for (const of of loaded.value.issuers.values()) {
          const all = JSON.parse(JSON.stringify({ ...token, exp: 2, token_use: "access" }));
          const admission = admit(all, of, loaded.value, 1000, (...key) => pool.find(...key));
          const wanted = expected(written, of.name === "one" ? "one" : "two", all);
          if (admission instanceof Denial) {
            expect(wanted).toBeUndefined();
            continue;
          }
          pool.acquire(admission.granted);
          accepted += 1;
          if (admission.granted.names.length > 0) granting += 1;
          const { names, effective } = admission.granted;
          expect({ names: [...names].sort(), effective: [...effective].sort() }).toEqual(wanted);
        }
      }
    }),
    runs(300),
  );
  expect(accepted).toBeGreaterThan(100);
  expect(granting).toBeGreaterThan(50);
});
