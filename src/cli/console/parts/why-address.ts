import type { BindingMethod } from "../../../policy/requirements/binding.ts";

/** What is asked: a request, and what a token is assumed to have. All of it is in the address of the page. */
export interface Question {
  /** Left out: `GET`, or `POST` if there is a message. */
  readonly method?: string | undefined;
  /** A path, with or without a query, or a whole URL. */
  readonly path: string;
  readonly host?: string | undefined;
  /** An MCP message: its method and names, or its body as JSON. */
  readonly message?: string | undefined;
  readonly revision?: string | undefined;
  readonly client?: string | undefined;
  /** Short or full names. */
  readonly scope: readonly string[];
  /** Texts such as `groups=staff`. */
  readonly grant: readonly string[];
  /** Texts such as `sub=alice`. */
  readonly claim: readonly string[];
  readonly issuer?: string | undefined;
  readonly tenant?: string | undefined;
  readonly bound?: BindingMethod | undefined;
  /** The day (UTC) for routes with `report`; left out: that of the console. */
  readonly on?: string | undefined;
  /** The environment of wrangler's file whose vars count; left out: that of the console. */
  readonly env?: string | undefined;
}

/** The parameters of an address, in their order there. Those with `separator` may be repeated. */
export const QUESTION_PARAMETERS: Readonly<Record<keyof Question, { readonly separator?: RegExp }>> = {
  method: {},
  path: {},
  host: {},
  message: {},
  revision: {},
  client: {},
  scope: { separator: /[\s,]+/ },
  grant: { separator: /[\r\n]+/ },
  claim: { separator: /[\r\n]+/ },
  issuer: {},
  tenant: {},
  bound: {},
  on: {},
  env: {},
};

/** The address of the page `/why` that answers a question. No token can be in it. */
export function whyAddress(question: Partial<Question>): string {
  const parameters = new URLSearchParams();
  for (const name of Object.keys(QUESTION_PARAMETERS) as (keyof Question)[]) {
    const value = question[name] ?? [];
    const values = typeof value === "string" ? [value] : value;
    // Neither short nor full names of scopes contain a space.
    const written = name === "scope" && values.length > 0 ? [values.join(" ")] : values;
    for (const it of written) parameters.append(name, it);
  }
  // Slashes and colons need no escape in a query (RFC 3986 3.4), and people read the address.
  const text = parameters.toString().replaceAll("%2F", "/").replaceAll("%3A", ":");
  return text === "" ? "/why" : `/why?${text}`;
}
