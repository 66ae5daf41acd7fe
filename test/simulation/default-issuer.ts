import { compilePolicy } from "../../src/policy/compile/compile-policy.ts";
import type { Issuer } from "../../src/policy/policy.ts";

/** Makes an issuer with the defaults of `routes.json`, which most policies have and the findings are about. */
export function defaultIssuer(): Issuer {
  const compiled = compilePolicy(
    {
      issuers: {
        idp: { issuer: "https://idp.example", profile: "generic", algorithms: ["ES256"], audiences: ["api"] },
      },
      upstreams: { api: { url: "https://api.example" } },
      routes: [{ path: "/", methods: ["GET"], authenticated: true, upstream: "api" }],
    },
    {},
  );
  if (!compiled.ok) throw new Error("The policy of the simulation has faults.", { cause: compiled.failure });
  const issuer = compiled.value.issuers.get("https://idp.example");
  if (issuer === undefined) throw new Error("The policy of the simulation lacks its issuer.");
  return issuer;
}
