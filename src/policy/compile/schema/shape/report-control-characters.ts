import { escapeControlCharacters, findControlCharacter } from "../../../control-characters.ts";
import type { Fault, Report } from "../../../fault.ts";

/**
 * Reports control characters in every name and value of a config. A name with an escape sequence or a direction mark
 * shows as another one, in terminals and in reviews, and so a reviewer approves something else. Descriptions of scopes
 * may have line breaks and tabs. Recursive: the caller bounds how deep the config is nested.
 */
export function reportControlCharacters(config: unknown, report: Report): void {
  const path: (string | number)[] = [];
  visit(config);

  function visit(value: unknown): void {
    if (typeof value === "string") check(value, "value");
    else if (Array.isArray(value)) {
      for (let index = 0; index < value.length; index += 1) {
        path.push(index);
        visit(value[index]);
        path.pop();
      }
    } else if (typeof value === "object" && value !== null) {
      for (const name of Object.keys(value)) {
        path.push(name);
        check(name, "name");
        visit((value as Readonly<Record<string, unknown>>)[name]);
        path.pop();
      }
    }
  }

  function check(text: string, what: "name" | "value"): void {
    if (findControlCharacter(text) === undefined) return;
    const isAllowed = what === "value" && isDescription(path);
    const found = findControlCharacter(isAllowed ? text.replace(/[\t\n\r]/g, "") : text);
    if (found === undefined) return;
    const message = `The ${what} contains the control character \`${escapeControlCharacters(found)}\`.`;
    report([...path], message, "Remove it: it can make terminals and reviews show something else.");
  }
}

/** Whether the path is that of a scope's description, in either form. */
function isDescription([part, , member, , last, ...more]: Fault["path"]): boolean {
  return (
    part === "resourceServers" && member === "scopes" && more.length === 0 && (last ?? "description") === "description"
  );
}
