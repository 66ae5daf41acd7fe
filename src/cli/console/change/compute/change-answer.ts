import type { describeDifference } from "../../../diff/describe-difference.ts";
import type { AskedCall, AskedCircumstances } from "./asked-call.ts";
import type { GuaranteeChange } from "./guarantee-changes.ts";
import type { NewFinding } from "./new-findings.ts";
import type { Revision } from "./revision.ts";

/** Two versions of one policy. All of it is plain data, so that it can be sent to a thread. */
export interface ChangeQuestion {
  /** The name of the policy, as the user gave it. */
  readonly policyName: string;
  /** The text of the new version. */
  readonly text: string;
  /** Where the old version is. */
  readonly revision: Revision;
  /** In UTC, as `YYYY-MM-DD`. */
  readonly day: string;
  /** The one environment of wrangler's file to compare; `undefined`: all. */
  readonly environment: string | undefined;
}

/** What happens to calls of a client. */
export type ClientEffect = "gained" | "lost" | "unenforced";

/** What differs. `difference` is what `diff --json` prints, except for the two names. */
export interface ComparedChange {
  readonly kind: "compared";
  readonly difference: ReturnType<typeof describeDifference>;
  /** Whether both texts are the same. If they are not, nothing may differ all the same. */
  readonly isSameText: boolean;
  /** For each of `difference.routes`, the calls of its example lines; see `callsOf`. */
  readonly calls: readonly (readonly (AskedCall | undefined)[])[];
  /** For each of `difference.settings`, what to ask about it. */
  readonly settingCircumstances: readonly AskedCircumstances[];
  /** For each of `difference.clients`, what to ask about each of its calls. */
  readonly clientCircumstances: readonly Readonly<Record<ClientEffect, readonly AskedCircumstances[]>>[];
  /** For each of `difference.clients`, what people call it. */
  readonly clientLabels: readonly string[];
  /**
   * For each of `difference.clients`, whether the new version still has the client, so that one can ask about its
   * calls.
   */
  readonly isClientKept: readonly boolean[];
  /** The guarantees of both versions, or the lines that say why they cannot be decided. */
  readonly guarantees: readonly GuaranteeChange[] | { readonly undecided: readonly string[] };
  readonly newFindings: readonly NewFinding[];
}

/** A version that cannot be compared, with the lines for people that say why. */
export interface UnusableVersion {
  readonly kind: "unusable";
  readonly version: "old" | "new";
  readonly lines: readonly string[];
}

/** The outcome of a comparison. */
export type ChangeAnswer = ComparedChange | UnusableVersion;
