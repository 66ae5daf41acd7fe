// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is the variable of a file under test.

import { describe, expect, it } from "vitest";
import { loadCompiledPolicy } from "../../../../src/policy/compiled/load-compiled-policy.ts";
import { OPTIONAL_MODULES } from "../../../../src/policy/compiled/optional-modules.ts";
import { compileForWorker } from "../../../../src/policy/compiled/serialize-policy.ts";
import { formatFault } from "../../../../src/policy/fault.ts";
import { withIssuer } from "../../../support/policy/lints.ts";
import { compiled, faultsOf, policyFileWith } from "../../../support/policy/policy-file.ts";

const ACCEPTING = withIssuer({ binding: { dpop: "accepted" } });
const DEFAULTS = { algorithms: ["ES256", "EdDSA"], maxAgeSeconds: 60, replay: "isolate" };

describe("dpop", () => {
  it.each<{ name: string; dpop: unknown; expected: unknown }>([
    { name: "has defaults", dpop: {}, expected: DEFAULTS },
    {
      name: "has a default time for nonces",
      dpop: { nonce: { secret: "NONCES" } },
      expected: { ...DEFAULTS, nonce: { secret: "NONCES", everySeconds: 60 } },
    },
    {
      name: "takes each member, and names an algorithm once",
      dpop: {
        ...{ algorithms: ["PS256", "ES256", "PS256"], maxAgeSeconds: 600, replay: "global" },
        nonce: { secret: "NONCES", everySeconds: 3600 },
      },
      expected: {
        ...{ algorithms: ["PS256", "ES256"], maxAgeSeconds: 600, replay: "global" },
        nonce: { secret: "NONCES", everySeconds: 3600 },
      },
    },
  ])("$name", ({ dpop, expected }) => {
    expect(compiled(policyFileWith({ ...ACCEPTING, dpop })).dpop).toEqual(expected);
  });

  it.each<{ name: string; members: Record<string, unknown>; places: string[] }>([
    { name: "an issuer that accepts DPoP without it", members: ACCEPTING, places: ["$.issuers.main.binding.dpop"] },
    {
      name: "an issuer that requires DPoP without it",
      members: withIssuer({ binding: { dpop: "required" } }),
      places: ["$.issuers.main.binding.dpop"],
    },
    {
      name: "an issuer that refuses DPoP without it",
      members: withIssuer({ binding: { mtls: "required" } }),
      places: [],
    },
    { name: "an unknown member", members: { ...ACCEPTING, dpop: { algs: [] } }, places: ["$.dpop.algs"] },
    { name: "no algorithm", members: { ...ACCEPTING, dpop: { algorithms: [] } }, places: ["$.dpop.algorithms"] },
    {
      name: "a symmetric algorithm",
      members: { ...ACCEPTING, dpop: { algorithms: ["ES256", "HS256", "none"] } },
      places: ["$.dpop.algorithms[1]", "$.dpop.algorithms[2]"],
    },
    {
      name: "times below the bounds",
      members: { ...ACCEPTING, dpop: { maxAgeSeconds: 0, nonce: { secret: "NONCES", everySeconds: 0 } } },
      places: ["$.dpop.maxAgeSeconds", "$.dpop.nonce.everySeconds"],
    },
    {
      name: "times above the bounds",
      members: { ...ACCEPTING, dpop: { maxAgeSeconds: 601, nonce: { secret: "NONCES", everySeconds: 3601 } } },
      places: ["$.dpop.maxAgeSeconds", "$.dpop.nonce.everySeconds"],
    },
    {
      name: "nonces without a secret",
      members: { ...ACCEPTING, dpop: { nonce: {} } },
      places: ["$.dpop.nonce.secret"],
    },
    {
      name: "a secret that is no name",
      members: { ...ACCEPTING, dpop: { nonce: { secret: "s3cr3t text" } } },
      places: ["$.dpop.nonce.secret"],
    },
    { name: "another store", members: { ...ACCEPTING, dpop: { replay: "kv" } }, places: ["$.dpop.replay"] },
  ])("faults: $name", ({ members, places }) => {
    const faults = faultsOf(policyFileWith(members));
    expect(faults.map((fault) => fault.split(":")[0])).toEqual(places);
    expect(faults.join()).not.toContain("s3cr3t");
  });

  it("reaches the Worker as it is", () => {
    const dpop = {
      algorithms: ["ES256"],
      maxAgeSeconds: 5,
      nonce: { secret: "N", everySeconds: 9 },
      replay: "isolate",
    };
    const built = compileForWorker(policyFileWith({ ...ACCEPTING, dpop }), {});
    if (!built.ok) throw new Error("compiles");
    const loaded = loadCompiledPolicy(JSON.parse(JSON.stringify(built.value)), {}, OPTIONAL_MODULES);
    expect(loaded.ok ? loaded.value.dpop : loaded.failure).toEqual(dpop);
  });

  it("is missed at the start, too, where only a var of the Worker lets an issuer accept DPoP", () => {
    const built = compileForWorker(policyFileWith(withIssuer({ binding: { dpop: "${MODE}" } })), { MODE: "refused" });
    if (!built.ok) throw new Error("compiles");
    expect(loadCompiledPolicy(built.value, { MODE: "refused" }, OPTIONAL_MODULES).ok).toBe(true);
    const loaded = loadCompiledPolicy(built.value, { MODE: "accepted" }, OPTIONAL_MODULES);
    expect(loaded.ok ? [] : loaded.failure.map(formatFault).join()).toContain("$.issuers.main.binding.dpop");
  });
});
