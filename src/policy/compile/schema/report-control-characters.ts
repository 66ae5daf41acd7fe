import { escapeControlCharacters, findControlCharacter } from "../../control-characters.ts";
import type { Fault, Report } from "../../fault.ts";

/**
 * Reports control characters in every name and value of a config. A name with an escape sequence or a direction mark
 * shows as another one, in terminals and in reviews, and so a reviewer approves something else. Descriptions of scopes
 * may have line breaks and tabs. Recursive: the caller bounds how deep the config is nested.
 */
export function reportControlCharacters(config: unknown, report: Report): void {
  visit(config, []);

  function visit(value: unknown, path: Fault["path"]): void {
    if (typeof value === "string") check(isDescription(path) ? value.replace(/[\t\n\r]/g, "") : value, "value", path);
    else if (Array.isArray(value)) for (const [index, item] of value.entries()) visit(item, [...path, index]);
    else if (typeof value === "object" && value !== null) {
      for (const [name, member] of Object.entries(value)) {
        check(name, "name", [...path, name]);
        visit(member, [...path, name]);
      }
    }
  }

  function check(text: string, what: "name" | "value", path: Fault["path"]): void {
    const found = findControlCharacter(text);
    if (found === undefined) return;
    const message = `The ${what} contains the control character \`${escapeControlCharacters(found)}\`.`;
    report(path, message, "Remove it: it can make terminals and reviews show something else.");
  }
}

/** Whether the path is that of a scope's description, in either form. */
function isDescription([part, , member, , last, ...more]: Fault["path"]): boolean {
  return (
    part === "resourceServers" && member === "scopes" && more.length === 0 && (last ?? "description") === "description"
  );
}
