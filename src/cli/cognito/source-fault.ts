import type { Result } from "../../result.ts";
import type { CognitoSettings } from "./settings.ts";

/** A part of a document that the import does not understand. Nothing is imported from a document that has one. */
export interface SourceFault {
  /** Where it is in the document: `Resources.Api.Properties.Identifier`. */
  readonly place: string;
  /** What is wrong, in one sentence. It repeats names, and no values. */
  readonly message: string;
}

/** Settings that were read from a document, with remarks for its reader, one sentence each. */
export interface ReadSettings {
  readonly settings: CognitoSettings;
  readonly remarks: readonly string[];
}

/** What a reader of one format returns: all settings in the document, or everything that it does not understand. */
export type SettingsResult = Result<ReadSettings, readonly SourceFault[]>;

/** Evaluates an expression of the document's language. A failure is a sentence that names what cannot be evaluated. */
export type Evaluate = (value: unknown) => Result<unknown, string>;
