import { expect } from "vitest";
import { accessClaims, type Claims, createSigningKey, type SigningKey, signClaims } from "../token/signing-key.ts";
import { exampleFile, scopegate, scratchDirectory } from "./run-scopegate.ts";

export const ISSUER = "https://issuer.example/pool";

/** A policy, and what makes tokens for it, of one test file of `explain`. */
export interface ExplainWorld {
  readonly scratch: ReturnType<typeof scratchDirectory>;
  /** The file of the policy of the running example. */
  readonly policy: string;
  readonly key: SigningKey;
  /** The file of the key set with `key`. */
  readonly jwks: string;
  /**
   * Explains a request such as `GET /orders` under `policy`. `stages` are the lines of the stages that have an outcome.
   */
  explain(
    request: string,
    ...args: readonly string[]
  ): Promise<{ readonly exitCode: number; readonly text: string; readonly stages: readonly string[] }>;
  /** Writes a file with a token in the shape of Cognito. */
  tokenFile(name: string, claims: Claims, header?: Claims, signer?: SigningKey): Promise<string>;
}

/** Makes a world whose files are removed after the tests. Call it at the top of a test file. */
export async function createExplainWorld(): Promise<ExplainWorld> {
  const scratch = scratchDirectory();
  const policy = scratch.write("policy.json", exampleFile());
  const key = await createSigningKey("key-1");
  return {
    scratch,
    policy,
    key,
    jwks: scratch.write("jwks.json", { keys: [key.publicJwk] }),
    async explain(request, ...args) {
      const run = await scopegate("explain", ...request.split(" "), "--policy", policy, ...args);
      expect(run.stderr).toBe("");
      const stages = run.stdout.match(/^\d \w+ +(?:passed|refused|not needed|not reached)/gm) ?? [];
      return { exitCode: run.exitCode, text: run.stdout, stages };
    },
    async tokenFile(name, claims, header = {}, signer = key) {
      return scratch.write(name, `${await signClaims(signer, accessClaims(ISSUER, claims), header)}\n`);
    },
  };
}
