import type { Fault, Report } from "../fault.ts";

const REFERENCE = /\$\{([^}]*)(\}?)/g;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * A copy of `value` in which every `${NAME}` inside a string, at any depth, is replaced from `vars`. Member names stay
 * as they are, and so do the scopes in the `grants` of issuers. A `${NAME}` inside the value of a variable is not
 * replaced. A binding that is not a string counts as missing.
 *
 * Recursive: the caller bounds how deep `value` is nested.
 *
 * A string becomes `undefined`, and is reported, if a variable is missing, if its `${` is malformed, or if nothing is
 * left of it.
 */
export function substituteVariables(
  value: unknown,
  vars: Readonly<Record<string, unknown>>,
  path: Fault["path"],
  report: Report,
): unknown {
  if (typeof value === "string") return substitute(value, vars, path, report);
  if (Array.isArray(value))
    return value.map((item, index) => substituteVariables(item, vars, [...path, index], report));
  if (typeof value !== "object" || value === null || isCompiledAtBuild(path)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, substituteVariables(member, vars, [...path, name], report)]),
  );
}

/**
 * The build resolves the scopes of grants, before the Worker's vars are known: another value would be another scope.
 */
function isCompiledAtBuild(path: Fault["path"]): boolean {
  return path.length === 3 && path[0] === "issuers" && path[2] === "grants";
}

function substitute(text: string, vars: Readonly<Record<string, unknown>>, path: Fault["path"], report: Report) {
  if (!text.includes("${")) return text;
  for (const [whole, name = "", closed] of text.matchAll(REFERENCE)) {
    if (closed === "" || !NAME.test(name)) {
      report(
        path,
        `\`${whole}\` is not a variable.`,
        "Write a name of letters, digits and underscores in braces after the dollar sign.",
      );
      return undefined;
    }
    if (typeof vars[name] !== "string") {
      report(path, `The variable \`${name}\` is not set.`, whereToSet);
      return undefined;
    }
  }
  const filled = text.replace(REFERENCE, (_, name: string) => String(vars[name]));
  if (filled !== "") return filled;
  report(path, `\`${text}\` is empty.`, whereToSet);
  return undefined;
}

const whereToSet = "Set it under [vars] in wrangler.toml, for every environment.";
