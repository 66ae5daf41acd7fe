import type { Fault } from "../../../fault.ts";
import type { Policy } from "../../../policy.ts";

/** What a rule found, and where. `message` says what is wrong, `hint` how to fix it. */
export interface RuleFinding extends Fault {
  /** Index of the route that it is about, which can suppress it; `undefined`: it is about another part of the file. */
  readonly route: number | undefined;
  /** Name of the issuer that it is about, which can suppress it; left out: it is about another part of the file. */
  readonly issuer?: string;
  /** Findings of one rule with the same cause are reported as one, at the first. `undefined`: each for itself. */
  readonly group?: { readonly cause: string; readonly name: string } | undefined;
}

/** Finds one kind of flaw in a valid policy. Its code and severity are in `LINTS`. */
export type Rule = (policy: Policy) => readonly RuleFinding[];
