import type { Issuer, Policy } from "../../policy.ts";
import { stepUpOf } from "../../requirements/step-up.ts";
import { requirementsIn } from "../../routing/requirements-in.ts";

/** What some policies ask of the authentication of callers. */
export interface AuthenticationInUse {
  /**
   * All ages that they ask for, each once: an authentication that is younger than one is also younger than a longer
   * one.
   */
  readonly ages: readonly number[];
  /** Whether they ask for classes of authentication. The settings of an issuer then say which tokens have them. */
  readonly hasClasses: boolean;
}

/** What the routes and guarantees of some policies ask of the authentication; `undefined`: nothing. */
export function authenticationInUse(
  policies: readonly Pick<Policy, "routes" | "guarantees">[],
): AuthenticationInUse | undefined {
  const asked = policies.flatMap(({ routes, guarantees }) => [
    ...Array.from(requirementsIn(routes), stepUpOf),
    ...guarantees.map(({ claim }) => (claim.kind === "authentication" ? claim.authentication : undefined)),
  ]);
  const stepUps = asked.filter((it) => it !== undefined);
  if (stepUps.length === 0) return undefined;
  return {
    ages: [...new Set(stepUps.flatMap(({ maxAgeSeconds = [] }) => maxAgeSeconds))],
    hasClasses: stepUps.some(({ acr }) => acr !== undefined),
  };
}

/** Issuers with the same text read the class of authentication in the same way. */
export function acrText(issuer: Issuer | undefined): string {
  return JSON.stringify([issuer?.acrClaim, issuer?.acrOrder]);
}
