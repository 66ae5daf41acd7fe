import { readBody } from "../../http/read-body.ts";
import { parseSafeUrl } from "../../http/safe-url.ts";
import { isObject, type JsonObject } from "../../json/json-object.ts";
import { GATEWAY_ANSWER_TIMEOUT_MS, MAX_GATEWAY_ANSWER_BYTES } from "../../limits.ts";
import { parseJson } from "../../policy/source/parse-json.ts";
import { failure, type Result, success } from "../../result.ts";
import { UsageError } from "../args/exit-code.ts";

/** An answer of a deployed gateway, or of what stands in its place. */
export interface GatewayAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** The body as a JSON object; empty if it is anything else, or larger than the limit. */
  readonly json: JsonObject;
}

/**
 * The origin of a gateway that a user names.
 *
 * @throws UsageError the text is no https URL (http on loopback), or has a path or query
 */
export function gatewayOrigin(text: string): string {
  const url = parseSafeUrl(text);
  if (!url.ok) throw new UsageError(`URL: ${url.failure.message} ${url.failure.hint}`);
  const { origin, pathname, search } = url.value;
  if (pathname === "/" && search === "") return origin;
  throw new UsageError(`URL: The gateway's own origin is needed, without path and query. Write ${origin}.`);
}

/**
 * Sends a GET to a gateway. Follows no redirect, so that a token reaches no other host. Waits
 * `GATEWAY_ANSWER_TIMEOUT_MS`. Fails, with one sentence, if no answer arrives.
 *
 * @param path with a query, if any
 */
export async function askGateway(
  origin: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Result<GatewayAnswer, string>> {
  try {
    const response = await fetch(origin + path, {
      headers: { accept: "application/json", ...headers },
      redirect: "manual",
      signal: AbortSignal.timeout(GATEWAY_ANSWER_TIMEOUT_MS),
    });
    const body = await readBody(response, MAX_GATEWAY_ANSWER_BYTES);
    const parsed = parseJson(new TextDecoder().decode(body));
    const json = parsed.ok && isObject(parsed.value) ? parsed.value : {};
    return success({ status: response.status, headers: response.headers, json });
  } catch (error) {
    const isLate = error instanceof Error && error.name === "TimeoutError";
    const what = isLate ? `There was no answer within ${GATEWAY_ANSWER_TIMEOUT_MS} ms.` : "It cannot be reached.";
    return failure(`${origin}: ${what}`);
  }
}
