import type { RawResponse } from "../../local/raw-request.ts";
import { shortNames } from "../decisions/describe-line.ts";

const PROBLEM_TYPE = "https://scopegate.dev/problems/";

/**
 * Status, reason and sender of an answer, such as `403 scope-insufficient by gateway`. The gateway is recognized by the
 * `type` of its problem documents, a service by `x-served-by`, and the issuer by its OAuth answers, whose error code is
 * the reason.
 */
export function describeAnswer(answer: RawResponse): string {
  const { error, access_token } = bodyOf(answer);
  const { type } = problemOf(answer);
  if (typeof type === "string" && type.startsWith(PROBLEM_TYPE)) {
    return `${answer.status} ${type.slice(PROBLEM_TYPE.length)} by gateway`;
  }
  const service = answer.headers.get("x-served-by");
  if (service !== null) return `${answer.status} by ${service}`;
  if (typeof error === "string") return `${answer.status} ${error} by issuer`;
  return `${answer.status} by ${typeof access_token === "string" ? "issuer" : "nobody known"}`;
}

/** The scopes that a refusal lists as required and not as granted. */
export function describeLack(answer: RawResponse): string {
  const { required, granted } = problemOf(answer);
  if (!Array.isArray(required) || !Array.isArray(granted)) return "which names no scopes";
  return `lacks ${shortNames(required.filter((scope) => !granted.includes(scope)))}`;
}

/** The problem document of a refusal. That of a message of MCP is in an error of JSON-RPC. */
function problemOf(answer: RawResponse): Readonly<Record<string, unknown>> {
  const body = bodyOf(answer);
  return body["jsonrpc"] === undefined ? body : Object(Object(body["error"]).data);
}

/** The JSON object in the body; an empty object if the body is not JSON. */
export function bodyOf({ body }: RawResponse): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(body) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** The price of the order in the answer. */
export function total(answer: RawResponse): string {
  return `total ${bodyOf(answer)["totalCents"]}`;
}
