import { isNeverServed } from "../../http/methods.ts";
import type { Fault, Report } from "../fault.ts";

const UPPER_CASE_TOKEN = /^[!#$%&'*+.^_`|~0-9A-Z-]+$/;

/** Reports what is wrong with a route's list of methods (RFC 9110 9.1): they are case-sensitive, upper-case tokens. */
export function checkMethods(methods: readonly (string | undefined)[], path: Fault["path"], report: Report): void {
  const seen = new Set<string>();
  for (const [index, method] of methods.entries()) {
    if (method === undefined) continue;
    const fault = (message: string, hint: string): void => report([...path, index], message, hint);
    if (seen.has(method)) fault(`\`${method}\` is listed twice.`, "Leave one out.");
    else if (method === "*" && methods.length > 1) {
      fault("`*` is not alone in its list.", "It stands for all methods: give the others a route of their own.");
    } else if (isNeverServed(method.toUpperCase())) {
      fault(`\`${method}\` is never served.`, "Leave it out.");
    } else if (!UPPER_CASE_TOKEN.test(method)) {
      const upper = method.toUpperCase();
      const hint = UPPER_CASE_TOKEN.test(upper) ? `Write \`${upper}\`.` : "Write a name such as GET, in upper case.";
      fault(`\`${method}\` is not a method.`, hint);
    }
    seen.add(method);
  }
}
