import type { LoadedPolicy, PolicySource } from "../../policy-file/policy-source.ts";
import type { Html } from "../../print/html.ts";
import type { PolicyState } from "./policy-state.ts";
import type { StackView } from "./stack-view.ts";

/** What a view shows, as it is when the request comes. */
export interface ViewContext {
  /** The name that the user gave: `routes.json`, `git:main`. */
  readonly policyName: string;
  readonly state: PolicyState;
  /** The day (UTC, `YYYY-MM-DD`) for routes with `report`: that of `--on`, otherwise today. */
  readonly day: string;
  /**
   * Compiles a text with the vars of another environment of wrangler's file. Throws `InputError` if there is no such
   * environment, or the policy is not valid in it.
   */
  readonly compileIn: (environment: string, source: PolicySource) => Promise<LoadedPolicy>;
  /** The environment of wrangler's file that `--env` names; left out: the top level. */
  readonly environment?: string | undefined;
  /** The local stack; left out: the console runs without one. */
  readonly stack?: StackView | undefined;
}

/**
 * Makes the content of `<main>`, from its `<h1>` on. An error that the user can put right, such as a parameter without
 * meaning, is thrown as `UsageError` or `InputError`: the page shows its lines, with status 400. Nothing of the request
 * may be logged or kept, because it may contain a token.
 */
export type View = (context: ViewContext, request: Request) => Html | ViewReply | Promise<Html | ViewReply>;

/** Content with its own status or title, or the address (303) that a form leads on to. */
export type ViewReply = PageContent | { readonly seeOther: string };

/** What a page has that differs from what its view usually has. */
export interface PageContent {
  readonly main: Html;
  /** Left out: 200. */
  readonly status?: 400;
  /** The start of the page's title. The browser's history keeps it. Left out: that of the view. */
  readonly title?: string;
}

/** One event of a stream of Server-Sent Events. */
export interface PageEvent {
  /** The browser sends it as `Last-Event-ID` when it connects again. */
  readonly id?: string;
  /** The name that the page listens to; left out: `message`. */
  readonly event?: string;
  /** Any text; most views send JSON. */
  readonly data: string;
}

/** Where the events of one page go. */
export interface EventSink {
  send(event: PageEvent): void;
  /** The id of the last event that the page has seen before it lost the connection. Anyone could write it. */
  readonly lastEventId: string | undefined;
  readonly request: Request;
}

/**
 * Sends events until the returned function is called, which happens once: when the page goes or the console closes.
 * `context` reads the state as it is at each call.
 */
export type EventsOfView = (context: () => Promise<ViewContext>, sink: EventSink) => () => void;
