import type { Fault, Report } from "./fault.ts";

const REFERENCE = /\$\{([^}]*)(\}?)/g;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * A copy of `value` in which every `${NAME}` inside a string, at any depth, is replaced from `vars`. Member names are
 * left alone, and what is put in is not looked at again. Only strings count as variables: a binding of another kind is
 * as good as missing. A missing one and a malformed `${` are reported, and their string is left as it stands.
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
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, substituteVariables(member, vars, [...path, name], report)]),
  );
}

function substitute(text: string, vars: Readonly<Record<string, unknown>>, path: Fault["path"], report: Report) {
  return text.replace(REFERENCE, (whole, name: string, closed: string) => {
    if (closed === "" || !NAME.test(name)) {
      report(
        path,
        `\`${whole}\` is not a variable.`,
        "Write letters, digits and underscores in braces after the dollar sign.",
      );
      return whole;
    }
    const variable = vars[name];
    if (typeof variable === "string") return variable;
    report(
      path,
      `The variable \`${name}\` is not set.`,
      "Set it under [vars] of wrangler.toml, for every environment.",
    );
    return whole;
  });
}
