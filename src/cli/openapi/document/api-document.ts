import type { FaultText } from "../../../result.ts";
import type { SecurityScheme } from "./read-scheme.ts";

/** The part of an OpenAPI document that matters to a policy. */
export interface ApiDocument {
  readonly title: string;
  readonly operations: readonly Operation[];
  /** Security schemes by the name that `security` uses for them. */
  readonly schemes: ReadonlyMap<string, SecurityScheme>;
  /** The paths that its servers put in front of each path, each once. Empty if the document names no server. */
  readonly basePaths: readonly string[];
}

/** An operation of a document. */
export interface Operation {
  /** Upper case; `*` for any method, and for a path item that cannot be read. */
  readonly method: string;
  /** The path template as it stands in the document. */
  readonly path: string;
  readonly security: Security;
  /** Why nobody can tell whom the operation admits; absent if `security` tells it. */
  readonly fault?: FaultText;
  /** Present if this is Amazon API Gateway's own answer to CORS preflights. */
  readonly isPreflight?: true;
  /** Those of its own servers; absent if the operation and its path item name none. */
  readonly basePaths?: readonly string[];
}

/** The alternatives. `undefined` means that the document does not say who may call; an empty list that anyone may. */
export type Security = readonly SecurityAlternative[] | undefined;

/** The scopes (or roles) that an alternative lists, by the name of the scheme. All of the schemes are needed. */
export type SecurityAlternative = ReadonlyMap<string, readonly string[]>;
