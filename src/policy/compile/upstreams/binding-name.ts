import type { Fault, Report } from "../../fault.ts";

/** Whether a text can name a binding or a secret of a Worker. */
export function isBindingName(text: string): boolean {
  return /^[A-Za-z_$][\w$]*$/.test(text);
}

/**
 * Reports a text that cannot name a secret, and returns whether it can. The fault never repeats the text: it may be the
 * secret itself, and the message stands in build logs. Whether the Worker has the secret is not checked.
 */
export function checkSecretName(text: string, path: Fault["path"], hint: string, report: Report): boolean {
  const isName = isBindingName(text);
  if (!isName) report(path, "This cannot be the name of a secret.", hint);
  return isName;
}
