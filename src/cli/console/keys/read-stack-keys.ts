import { isObject, type JsonObject } from "../../../json/json-object.ts";
import { recordName } from "../../../keys/kv-record.ts";
import type { Stack } from "../../../local/stack.ts";
import type { Issuer } from "../../../policy/policy.ts";
import { parseJson } from "../../../policy/source/parse-json.ts";
import type { StackKeys } from "../view/stack-view.ts";

/**
 * Asks the gateway of a local stack for the state of its keys, and reads the records of these issuers in its KV. Asks
 * no issuer itself. A gateway or a KV that does not answer is no error: the part is left out.
 */
export async function readStackKeys(
  stack: Pick<Stack, "ready" | "readKeyRecord">,
  issuers: readonly Issuer[],
): Promise<StackKeys> {
  // The gateway first: it may write the records.
  const ready = await stack.ready().then(({ body }) => objectIn(body), nothing);
  const records = await Promise.all(
    issuers.map(async (issuer) => {
      const text = await stack.readKeyRecord(await recordName(issuer)).catch(nothing);
      return typeof text === "string" ? ([[issuer.name, text]] as const) : [];
    }),
  );
  return { ready, records: new Map(records.flat()) };
}

function objectIn(body: string): JsonObject | undefined {
  const parsed = parseJson(body);
  return parsed.ok && isObject(parsed.value) ? parsed.value : undefined;
}

function nothing(): undefined {
  return undefined;
}
