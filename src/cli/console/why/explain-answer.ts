import type { Caller } from "../../../explain/caller.ts";
import { dryRun } from "../../../explain/dry-run.ts";
import type { AskedRequest } from "../../../explain/explanation.ts";
import type { Policy } from "../../../policy/policy.ts";

/** The answer to a refused request, as its caller gets it. */
export interface ExplainedAnswer {
  readonly status: number;
  /** All headers that the gateway writes, by their names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body: a problem document (RFC 9457), or what stands for it in the protocol of the route. */
  readonly body: string;
}

/**
 * The answer of the gateway to a request that it refuses, with a text for each value that only a real request has.
 * `undefined`: the gateway does not refuse it. Throws what `caller.authenticate` throws.
 *
 * @param policy each of its `report`s counts as in force: see `policyOn`
 */
export async function explainAnswer(
  policy: Policy,
  asked: AskedRequest,
  { authenticate, kind, checkedAtMs }: Caller,
): Promise<ExplainedAnswer | undefined> {
  const { denial, response } = await dryRun(policy, asked, authenticate, kind === "assumed", checkedAtMs);
  if (denial === undefined) return undefined;
  const id = response.headers.get("x-request-id");
  const shown = (text: string): string => (id === null ? text : text.replaceAll(id, REQUEST_ID));
  return {
    status: response.status,
    headers: Object.fromEntries(Array.from(response.headers, ([name, value]) => [name, shown(value)])),
    body: shown(await response.text()),
  };
}

const REQUEST_ID = "(the request's id)";
