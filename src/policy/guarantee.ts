import type { MessageSelection } from "./mcp/message-selection.ts";
import type { GuaranteedExpression, StepUp } from "./requirements/requirement.ts";
import type { Upstream } from "./upstream.ts";

/** A claim that must be true for every selected call without exception. `prove` checks it against the routes. */
export interface Guarantee extends CallSelection {
  /** What is guaranteed, in words for people. */
  readonly name: string;
  readonly except: readonly CallSelection[];
  readonly claim: Claim;
  /** Its place in the file's list, from 0. */
  readonly index: number;
}

/** The calls that meet all of these conditions. A member that is `undefined` is not a condition. */
export interface CallSelection {
  /** Names of clients. */
  readonly clients: ReadonlySet<string> | undefined;
  /** Names of the issuers whose tokens the callers have. A caller without a token is never selected. */
  readonly issuers: ReadonlySet<string> | undefined;
  /** In upper case. Contains `HEAD` if it contains `GET`. */
  readonly methods: ReadonlySet<string> | undefined;
  /** Each as `hostKey` returns it. */
  readonly hosts: ReadonlySet<string> | undefined;
  /** `undefined`: any path. */
  readonly paths: PathSelection | undefined;
  /** The calls are these MCP messages. `undefined`: any calls, messages or not. */
  readonly mcp: MessageSelection | undefined;
}

/** The paths that at least one of these covers. */
export interface PathSelection {
  /** Path patterns as in routes. */
  readonly patterns: readonly string[];
  /** Patterns without `*` or trailing slash. Each covers the paths that it matches and all paths that continue them. */
  readonly under: readonly string[];
}

/** What a guarantee claims about its calls. */
export type Claim =
  /** No call is permitted. */
  | { readonly kind: "never" }
  /** Every caller whose call is permitted meets the expression. */
  | { readonly kind: "requires"; readonly expression: GuaranteedExpression }
  /** The token of every caller whose call is permitted is bound to its sender. */
  | { readonly kind: "senderConstrained" }
  /** The user of every caller whose call is permitted authenticated so. */
  | { readonly kind: "authentication"; readonly authentication: StepUp }
  /** Every call requires a token, except calls to these paths. */
  | { readonly kind: "publicOnly"; readonly paths: PathSelection }
  /** Every permitted call goes to this upstream. */
  | { readonly kind: "upstream"; readonly upstream: Upstream };
