import { admitsAnyone } from "../../../authorize.ts";
import type { Rule } from "./rule.ts";

/** Safe methods change nothing (RFC 9110 9.2.1). */
const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/** Public and optional routes with a method that can change something: anyone on the internet may then write. */
export const publicWrite: Rule = ({ routes }) =>
  routes.flatMap(({ requirement, methods, index }) => {
    const writing = methods.filter((method) => !SAFE_METHODS.has(method));
    if (!admitsAnyone(requirement) || writing.length === 0) return [];
    return {
      route: index,
      path: ["routes", index, requirement.kind],
      message: `Anyone may call ${writing.map((method) => (method === "*" ? "every method" : method)).join(", ")}.`,
      hint: "Require a scope, or give the reason under `lint` why the upstream can take calls by anyone.",
    };
  });
