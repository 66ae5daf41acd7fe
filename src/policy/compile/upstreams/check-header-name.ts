import { isHeaderName } from "../../../http/header-names.ts";
import type { Fault, Report } from "../../fault.ts";

/**
 * Reports a name that is not a header name, or that the gateway writes or HTTP needs.
 *
 * @param isRefused whether the name belongs to HTTP or to the gateway
 * @param hint what to do if it does
 */
export function checkHeaderName(
  name: string,
  isRefused: boolean,
  hint: string,
  path: Fault["path"],
  report: Report,
): void {
  if (!isHeaderName(name)) report(path, "This is not a header name.", "Use letters, digits and hyphens.");
  else if (isRefused) report(path, `The header \`${name}\` belongs to HTTP or to the gateway.`, hint);
}
