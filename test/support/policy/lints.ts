import { expect } from "vitest";
import { lintPolicy, type Suppressions } from "../../../src/policy/analysis/lint/lint-policy.ts";
import { jsonPath } from "../../../src/policy/fault.ts";
import type { LintCode } from "../../../src/policy/lint-codes.ts";
import { compiled, policyFile, policyFileWith } from "./policy-file.ts";

type Members = Record<string, unknown>;
export interface FileWithRoutes {
  readonly routes: unknown;
}

export const COLLECTION = { path: "/orders", methods: ["GET"], scopes: ["read:orders"], upstream: "orders" };
export const ITEM = { ...COLLECTION, path: "/orders/:id" };
export const WRITE = { path: "/orders", methods: ["POST"], scopes: ["write:orders"], upstream: "orders" };

/** Three routes in which no rule finds anything. */
export const ROUTES = [COLLECTION, ITEM, WRITE];

/** A policy file with `ROUTES`, then these. */
export function withRoutes(...routes: Members[]) {
  return policyFileWith({ routes: [...ROUTES, ...routes] });
}

/** A policy file with `ROUTES` and these members. */
export function withMembers(members: Members): FileWithRoutes {
  return policyFileWith({ routes: ROUTES, ...members }) as FileWithRoutes;
}

/** The `issuers` member of a policy file, with these members of its only issuer. */
export function withIssuer(members: Members): Members {
  return { issuers: { main: { ...policyFile().issuers.main, ...members } } };
}

export function lint(file: FileWithRoutes) {
  return lintPolicy(compiled(file), file as Suppressions);
}

/** Code and place of each lint that a file is reported for. Each must say what is wrong and what to do. */
export function lintsOf(file: FileWithRoutes): string[] {
  const { lints } = lint(file);
  for (const { severity, message, hint } of lints) {
    expect(severity).toMatch(/^(?:warning|notice)$/);
    expect(message).toMatch(/\S \S.*\.$/);
    expect(hint).toMatch(/\S \S.*\.$/);
  }
  return lints.map(({ code, path }) => `${code} ${jsonPath(path)}`);
}

/** `lintsOf`, only those of one rule. */
export function lintsWithCode(file: FileWithRoutes, code: LintCode): string[] {
  return lintsOf(file).filter((line) => line.startsWith(`${code} `));
}

/** The messages of one rule. */
export function messagesOf(file: FileWithRoutes, wanted: LintCode): string[] {
  return lint(file).lints.flatMap(({ code, message }) => (code === wanted ? [message] : []));
}
