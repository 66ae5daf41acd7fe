import type { Fault } from "../policy/fault.ts";
import { putSecret } from "../policy/settings/put-secret.ts";
import type { AssertionSettings } from "../policy/upstream.ts";
import { isStoredSecret } from "../upstream/stored-secret.ts";
import { parseSigningKeys } from "./signing-keys.ts";

const PATH = ["assertion", "keys", "secret"];

/**
 * The fault in the secret that signs assertions: it is missing, or its text is not a set of usable keys. No fault
 * repeats any of it. A Secrets Store can be read only while a request is served, so its value is checked then.
 *
 * @param own names of the gateway's own bindings: none of them is a secret
 */
export function assertionFaults(
  { secret, algorithm }: AssertionSettings,
  bindings: Readonly<Record<string, unknown>>,
  own: ReadonlySet<string>,
): readonly Fault[] {
  const value = bindings[secret];
  if (own.has(secret)) {
    const message = `\`${secret}\` belongs to the gateway itself.`;
    return [{ path: PATH, message, hint: "Give the secret another name." }];
  }
  if (typeof value === "string") {
    const keys = parseSigningKeys(value, algorithm);
    return keys.ok ? [] : [unusableKeys(secret, `The secret \`${secret}\` ${keys.failure}`)];
  }
  if (isStoredSecret(value)) return [];
  return [unusableKeys(secret, `The Worker has no secret \`${secret}\`.`)];
}

/** The fault of a secret that is missing or cannot sign. */
export function unusableKeys(secret: string, message: string): Fault {
  return { path: PATH, message, hint: `Make a set with \`scopegate keys\`, and set it with \`${putSecret(secret)}\`.` };
}
