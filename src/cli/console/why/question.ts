import { isObject } from "../../../json/json-object.ts";
import { BINDING_METHODS, type BindingMethod } from "../../../policy/requirements/binding.ts";
import { isDay } from "../../../policy/settings/report-only.ts";
import { nameHint } from "../../../policy/suggestion.ts";
import { UsageError } from "../../args/exit-code.ts";
import { shortened } from "../../explain/details.ts";
import { QUESTION_PARAMETERS, type Question } from "../parts/why-address.ts";

const NAMES = Object.keys(QUESTION_PARAMETERS) as readonly (keyof Question)[];

/** Names of the policy, which may begin or end with a space. */
const EXACT: ReadonlySet<keyof Question> = new Set(["client", "issuer"]);

/** The field of the form that holds a token. It is in no address. */
export const TOKEN_FIELD = "token";

/**
 * Whether a text contains what looks like a token: a JSON object in base64url, and a dot, as JWS and JWE begin. An
 * opaque token cannot be told from other texts.
 */
export function looksLikeToken(text: string): boolean {
  // Taken apart, because to search a long text for the whole form takes time that grows with the square of its length.
  return text.split(/[^\w.-]+/).some((word) => {
    const parts = word.split(".");
    return parts.some((part, at) => parts[at + 1] && isJoseHeader(part));
  });
}

/** What JSON begins with in base64url if a quote follows the brace, and what must follow at least. */
const [OBJECT_START, MIN_OBJECT_LENGTH] = ["eyJ", 7];

function isJoseHeader(part: string): boolean {
  const start = part.indexOf(OBJECT_START);
  if (start !== -1) return part.length - start >= MIN_OBJECT_LENGTH;
  // White space may follow the brace.
  if (!/^e[wy]/.test(part)) return false;
  try {
    return isObject(JSON.parse(Buffer.from(part, "base64url").toString()));
  } catch {
    return false;
  }
}

/**
 * Reads a question from an address or a form. Empty values count as left out. Checks nothing that depends on the
 * policy.
 *
 * @returns `undefined`: nothing is asked
 * @throws UsageError one sentence or two. It never repeats what looks like a token
 */
export function readQuestion(given: URLSearchParams): Question | undefined {
  const entries = [...given].filter(([, value]) => value.trim() !== "");
  if (entries.some(([name]) => name === TOKEN_FIELD)) {
    throw new UsageError("An address must not have a token: browsers keep addresses. Paste it into the form.");
  }
  if (entries.flat().some(looksLikeToken)) {
    throw new UsageError(
      "Something that looks like a token is outside the field for tokens. Only that field keeps it out of addresses.",
    );
  }
  const unknown = entries.find(([name]) => !Object.hasOwn(QUESTION_PARAMETERS, name));
  if (unknown !== undefined) {
    const [name] = unknown;
    throw new UsageError(`There is no parameter \`${brief(name)}\`. ${nameHint(name, NAMES)}`);
  }
  const valuesOf = (name: keyof Question): readonly string[] => {
    const { separator } = QUESTION_PARAMETERS[name];
    const values = entries.filter(([it]) => it === name).map(([, value]) => value);
    if (separator === undefined) return values;
    return values.flatMap((value) => value.split(separator)).filter((value) => value.trim() !== "");
  };
  const only = (name: keyof Question): string | undefined => {
    const [value, ...others] = valuesOf(name);
    if (others.length > 0) throw new UsageError(`\`${name}\` is there ${others.length + 1} times. Give it once.`);
    return EXACT.has(name) ? value : value?.trim();
  };
  const path = only("path");
  if (path === undefined) {
    if (entries.length === 0) return undefined;
    throw new UsageError("The question has no path. Give one, such as /orders.");
  }
  return {
    method: only("method"),
    path,
    host: only("host"),
    message: only("message"),
    revision: only("revision"),
    client: only("client"),
    scope: valuesOf("scope"),
    grant: valuesOf("grant"),
    claim: valuesOf("claim"),
    issuer: only("issuer"),
    tenant: only("tenant"),
    bound: bindingNamed(only("bound")),
    on: dayNamed(only("on")),
    env: only("env"),
  };
}

/** The values of a form or an address, for the form that shows them again. What looks like a token is left out. */
export function valuesToShow(given: URLSearchParams): ReadonlyMap<string, string> {
  const shown = [...given].filter(([name, value]) => name !== TOKEN_FIELD && !looksLikeToken(value));
  const byName = Map.groupBy(shown, ([name]) => name);
  return new Map(
    Array.from(byName, ([name, all]) => [name, all.map(([, value]) => value).join(name === "scope" ? " " : "\n")]),
  );
}

/** What a question says of the caller, left out. */
export function withoutCaller(question: Question): Question {
  const { method, path, host, message, revision, on, env } = question;
  return { method, path, host, message, revision, on, env, scope: [], grant: [], claim: [] };
}

/** Whether a question says something of the caller. */
export function namesCaller({ client, scope, grant, claim, issuer, tenant, bound }: Question): boolean {
  return [client, scope[0], grant[0], claim[0], issuer, tenant, bound].some((it) => it !== undefined);
}

function bindingNamed(text: string | undefined): BindingMethod | undefined {
  const method = BINDING_METHODS.find((it) => it === text);
  if (method !== undefined || text === undefined) return method;
  throw new UsageError(`\`bound\` is \`${brief(text)}\`. ${nameHint(text, BINDING_METHODS)}`);
}

function dayNamed(text: string | undefined): string | undefined {
  if (text === undefined || isDay(text)) return text;
  throw new UsageError(`\`on\` is not a day of the calendar. Write it as YYYY-MM-DD, such as 2027-02-01.`);
}

/** Longest text of an address that a message repeats, in UTF-16 code units. */
const MOST_REPEATED = 80;

function brief(text: string): string {
  return text.length > MOST_REPEATED ? `${text.slice(0, MOST_REPEATED)}...` : shortened(text);
}
