/** `explain` and the decision table treat bound tokens as the gateway does, as far as a token alone tells. */
import { describe, expect, it } from "vitest";
import { Denial } from "../../src/answer/denial.ts";
import { type Assumption, assumedCaller, callerWithToken, nobody } from "../../src/explain/caller.ts";
import { explainRequest } from "../../src/explain/explain-request.ts";
import type { Explanation } from "../../src/explain/explanation.ts";
import { accessMatrix } from "../../src/policy/analysis/access-matrix.ts";
import { bindingOf } from "../../src/policy/requirements/binding.ts";
import { decide } from "../../src/testing/decide-request.ts";
import type { Question } from "../../src/testing/question.ts";
import { createAuthenticator } from "../../src/token/authenticate.ts";
import { createBindingCheck } from "../../src/token/binding/binding-check.ts";
import { FakeKeyStore, keySetOf } from "../support/keys/fake-key-store.ts";
import { NOTES, notesFile } from "../support/policy/notes-policy.ts";
import { compiled } from "../support/policy/policy-file.ts";
import { createSigner, signToken } from "../support/token/tokens.ts";

const MODES = ["refused", "accepted", "required"] as const;
const METHODS = ["dpop", "mtls"] as const;
const THUMBPRINT = "A".repeat(43);
const NOW_MS = 1_767_265_300_000;
const BINDINGS = MODES.flatMap((dpop) => MODES.map((mtls) => ({ dpop, mtls })));
const ROUTES = {
  "/plain": { authenticated: true },
  "/bound": { authenticated: true, senderConstrained: true },
  "/read": { scopes: ["read:notes"], senderConstrained: true },
  "/maybe": { optional: true },
};
const PATHS = Object.keys(ROUTES);

function policyOf(main: object | undefined, partner: object = { mtls: "accepted" }) {
  const issuer = (name: string, binding: object | undefined) => ({
    ...{ issuer: `https://${name}.example`, profile: "generic", audiences: [NOTES], algorithms: ["ES256"] },
    ...(binding && { binding }),
  });
  return compiled(
    notesFile({
      dpop: {},
      issuers: { main: issuer("main", main), partner: issuer("partner", partner) },
      clients: {
        web: { issuer: "main", scopes: ["read:notes"] },
        mirror: { issuer: "partner", scopes: ["read:notes"] },
      },
      routes: Object.entries(ROUTES).map(([path, asks]) => ({ path, methods: ["GET"], upstream: "notes", ...asks })),
    }),
  );
}

const ask = (path: string) => ({ method: "GET", url: `http://localhost:8787${path}` });
const reasonOf = ({ refusal, outcome }: Explanation): string => refusal?.reason ?? outcome;

describe("a pasted token", () => {
  it("has the outcome of the gateway for each binding, if its sender has what it is bound to", async () => {
    const signer = await createSigner("ES256");
    const keys = new FakeKeyStore(keySetOf(signer.key));
    const seen = new Set<string>();
    const confirmations = [undefined, { jkt: THUMBPRINT }, { "x5t#S256": THUMBPRINT }, null, { kid: "x" }];
    for (const binding of BINDINGS) {
      const policy = policyOf(binding);
      const check = createBindingCheck({ ...policy }, () => undefined);
      const authenticate = createAuthenticator(
        { policy, keys, now: () => NOW_MS },
        undefined,
        check ? [(token, ...rest) => (token.confirmation?.method === "mtls" ? undefined : check(token, ...rest))] : [],
      );
      for (const cnf of confirmations) {
        const claims = { iss: "https://main.example", aud: NOTES, client_id: "web", exp: NOW_MS / 1000 + 60 };
        const token = await signToken(signer, { ...claims, scope: "read:notes", ...(cnf !== undefined && { cnf }) });
        const real = await authenticate(`Bearer ${token}`, {} as never, () => {});
        const tokenKeys = { store: keys, remarks: [] };
        for (const path of PATHS) {
          const said = await explainRequest(policy, ask(path), callerWithToken(token, policy, undefined, NOW_MS));
          const isBound = !(real instanceof Denial) && real.token.confirmation !== undefined;
          const needsBound = path === "/bound" || path === "/read";
          const passed = needsBound && !isBound ? "token-binding-missing" : "forwarded";
          expect(reasonOf(said), JSON.stringify([binding, cnf, path])).toBe(
            real instanceof Denial ? real.reason : passed,
          );
          const verified = await explainRequest(policy, ask(path), callerWithToken(token, policy, tokenKeys, NOW_MS));
          expect(reasonOf(verified)).toBe(reasonOf(said));
          expect(said.caller.boundBy !== undefined).toBe(isBound);
          expect(said.caller.remarks.some((it) => it.includes("is not checked here"))).toBe(isBound);
          seen.add(reasonOf(said));
        }
      }
    }
    expect([...seen].sort()).toEqual(["forwarded", "token-binding-missing", "token-binding-unsupported"]);
  });

  it("may be a whole Authorization value of either scheme", async () => {
    const policy = policyOf({ mtls: "accepted" });
    for (const text of ["a.b.c", "Bearer a.b.c", "DPoP a.b.c", "dpop  a.b.c"]) {
      const caller = callerWithToken(text, policy, undefined, NOW_MS);
      await expect(caller.authenticate?.(null, {} as never, () => {})).resolves.toMatchObject({
        reason: "token-malformed",
      });
    }
  });
});

describe("an assumed token", () => {
  it("is bound as its issuer requires, so that explain and the matrix agree on every client", async () => {
    for (const binding of BINDINGS) {
      const policy = policyOf(binding);
      const client = policy.clients.get("web");
      const { rows } = accessMatrix(policy);
      for (const path of PATHS) {
        const outcomes = await Promise.all(
          [undefined, ...METHODS].map(async (bound) => {
            const caller = assumedCaller({ client, scopes: undefined, bound }, policy);
            return reasonOf(await explainRequest(policy, ask(path), caller));
          }),
        );
        const name = JSON.stringify([binding, path, outcomes]);
        const row = rows.find((it) => it.path === path);
        // On an optional route, a client whose tokens are refused can leave its token out.
        if (path !== "/maybe") expect(outcomes.includes("forwarded"), name).toBe(row?.allowed[0]);
        for (const [at, method] of METHODS.entries()) {
          expect(outcomes[at + 1], name).toBe(
            binding[method] === "refused" ? "token-binding-unsupported" : "forwarded",
          );
        }
        const isUnbound = bindingOf({ ...(binding && { binding }) }) !== "always" || isNothing(binding);
        const needsBound = path === "/bound" || path === "/read";
        expect(outcomes[0], name).toBe(isUnbound && needsBound ? "token-binding-missing" : "forwarded");
      }
    }
  });

  it.each<{ name: string; input: Omit<Assumption, "client" | "scopes">; says: string }>([
    { name: "by its certificate", input: { bound: "mtls" }, says: "the connection to have that certificate." },
    { name: "by its key", input: { bound: "dpop" }, says: "the request to have a DPoP proof of that key." },
  ])("has a remark if it is bound $name", async ({ input, says }) => {
    const policy = policyOf({ dpop: "accepted", mtls: "accepted" });
    const caller = assumedCaller({ client: policy.clients.get("web"), scopes: undefined, ...input }, policy);
    const said = await explainRequest(policy, ask("/read"), caller);
    expect(said.caller.remarks.join(" ")).toContain(says);
    expect(said.caller.boundBy).toBe(input.bound);
    expect(said.requirement?.senderConstrained).toEqual({ met: true });
  });

  it.each([
    { name: "that accepts bindings", binding: { mtls: "accepted" }, says: "Assume one with `--bound dpop`" },
    { name: "that refuses them", binding: undefined, says: "no bound token of the issuer `main`: see its `binding`." },
  ])("without a binding, of an issuer $name, has a hint", async ({ binding, says }) => {
    const policy = policyOf(binding);
    const caller = assumedCaller({ client: policy.clients.get("web"), scopes: undefined }, policy);
    const { hints, refusal } = await explainRequest(policy, ask("/bound"), caller);
    expect(refusal?.reason).toBe("token-binding-missing");
    expect(hints.join(" ")).toContain(says);
  });
});

describe("what would be enough on a route that asks for bound tokens", () => {
  it("names only issuers that have bound tokens, and their clients", async () => {
    for (const main of BINDINGS) {
      for (const partner of BINDINGS) {
        const policy = policyOf(main, partner);
        const able = [main, partner].flatMap((it, at) => (isNothing(it) ? [] : [["main", "partner"][at] ?? ""]));
        const { requirement } = await explainRequest(policy, ask("/read"), nobody);
        const clients = { main: "web", partner: "mirror" };
        expect(requirement?.senderConstrained).toEqual({ met: false });
        const expected = {
          scopes: [`${NOTES}/read:notes`],
          clients: able.map((name) => (name === "main" ? clients.main : clients.partner)),
          ...(able.length < 2 && { issuers: able }),
        };
        expect(requirement?.sufficient, JSON.stringify([main, partner])).toMatchObject(
          able.length === 0 ? [] : [expected],
        );
        for (const { issuers } of requirement?.sufficient ?? []) if (able.length === 2) expect(issuers).toBeUndefined();
        expect(requirement?.unrestrictedIssuers).toEqual(able);
      }
    }
  });

  it("names other issuers to a caller whose own issuer has no bound tokens", async () => {
    const policy = policyOf(undefined);
    const caller = assumedCaller({ client: policy.clients.get("web"), scopes: [] }, policy);
    const { requirement } = await explainRequest(policy, ask("/read"), caller);
    expect(requirement?.sufficient).toMatchObject([{ issuers: ["partner"], clients: ["mirror"] }]);
  });
});

describe("a row of a decision table", () => {
  const policy = policyOf({ dpop: "accepted", mtls: "required" }, { mtls: "accepted" });
  const get = (path: string) => ({ method: "GET", path });
  const cnf = { "x5t#S256": THUMBPRINT };

  it.each<{ name: string; input: Question; expected: string }>([
    {
      name: "a client of an issuer that requires a binding",
      input: { ...get("/read"), client: "web" },
      expected: "forwarded",
    },
    {
      name: "a client that is bound",
      input: { ...get("/read"), client: "mirror", bound: "mtls" },
      expected: "forwarded",
    },
    {
      name: "a client that is not bound",
      input: { ...get("/read"), client: "mirror" },
      expected: "token-binding-missing",
    },
    {
      name: "a client that is bound in a way that its issuer refuses",
      input: { ...get("/plain"), client: "mirror", bound: "dpop" },
      expected: "token-binding-unsupported",
    },
    {
      name: "scopes that are bound",
      input: { ...get("/read"), scopes: ["read:notes"], bound: "dpop" },
      expected: "forwarded",
    },
    { name: "claims with cnf", input: { ...get("/bound"), claims: { cnf }, issuer: "main" }, expected: "forwarded" },
    { name: "claims that are bound", input: { ...get("/bound"), claims: {}, bound: "mtls" }, expected: "forwarded" },
    {
      name: "claims without cnf",
      input: { ...get("/plain"), claims: {}, issuer: "main" },
      expected: "token-binding-missing",
    },
    { name: "claims without cnf of any issuer", input: { ...get("/plain"), claims: {} }, expected: "forwarded" },
  ])("decides on $name", async ({ input, expected }) => {
    const { outcome, reason } = await decide(policy, input);
    expect(reason ?? outcome).toBe(expected);
  });

  it.each<{ name: string; input: Question; says: string }>([
    { name: "without a token", input: { ...get("/read"), bound: "mtls" }, says: "There is no token." },
    {
      name: "beside a token",
      input: { ...get("/read"), token: "a.b.c", now: NOW_MS, bound: "mtls" },
      says: "The token says whether it is bound.",
    },
    {
      name: "beside cnf",
      input: { ...get("/read"), claims: { cnf }, bound: "mtls" },
      says: "The claim `cnf` says how",
    },
    { name: "of another method", input: { ...get("/read"), client: "web", bound: "tls" as never }, says: "$.bound" },
  ])("is faulty with `bound` $name", async ({ input, says }) => {
    await expect(decide(policy, input)).rejects.toThrow(says);
  });
});

function isNothing({ dpop, mtls }: (typeof BINDINGS)[number]): boolean {
  return dpop === "refused" && mtls === "refused";
}
