import { isNeverServed } from "../../http/methods.ts";
import type { Fault, Report } from "../fault.ts";

const UPPER_CASE_TOKEN = /^[!#$%&'*+.^_`|~0-9A-Z-]+$/;

/** Reports the faults in a list of methods. Methods are case-sensitive tokens (RFC 9110 9.1), here in upper case. */
export function checkMethods(methods: readonly (string | undefined)[], path: Fault["path"], report: Report): void {
  const seen = new Set<string>();
  for (const [index, method] of methods.entries()) {
    if (method === undefined) continue;
    const fault = (message: string, hint: string): void => report([...path, index], message, hint);
    if (seen.has(method)) fault(`\`${method}\` is listed twice.`, "Remove one of them.");
    else if (method === "*" && methods.length > 1) {
      fault(
        "`*` is not the only item of its list.",
        "It stands for all methods. Give the other methods a route of their own.",
      );
    } else if (isNeverServed(method.toUpperCase())) {
      fault(`The gateway never serves \`${method}\`.`, "Remove it.");
    } else if (method !== "*" && method.includes("*")) {
      // `*` is allowed in methods (RFC 9110 5.6.2), so such an entry would compile, and serve nobody.
      fault(`\`${method}\` is not a method.`, "List each method. Only `*` alone is a wildcard.");
    } else if (!UPPER_CASE_TOKEN.test(method)) {
      const upper = method.toUpperCase();
      const hint = UPPER_CASE_TOKEN.test(upper) ? `Write \`${upper}\`.` : "Write a name such as GET, in upper case.";
      fault(`\`${method}\` is not a method.`, hint);
    }
    seen.add(method);
  }
}
