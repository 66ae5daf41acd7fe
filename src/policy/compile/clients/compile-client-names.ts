import type { Report } from "../../fault.ts";
import type { PolicyConfig } from "../schema/config-schema.ts";
import type { Salvaged } from "../schema/salvaged.ts";

/**
 * What people call the registered clients: the `name` of each, by its key. `undefined`: no client has one. Reports a
 * name with white space at its ends, or without any visible character: two such names would look the same.
 */
export function compileClientNames(
  { clients = {} }: Salvaged<PolicyConfig>,
  report: Report,
): ReadonlyMap<string, string> | undefined {
  const names = new Map<string, string>();
  for (const [key, part] of Object.entries(clients)) {
    const name = part?.name;
    if (name === undefined) continue;
    names.set(key, name);
    const path = ["clients", key, "name"];
    if (name.replace(UNSEEN, "") === "") {
      report(path, "The name has no visible character.", "Write what people call the client, or leave it out.");
    } else if (name !== name.trim()) {
      report(path, "The name begins or ends with white space.", "Remove it: nobody sees it.");
    }
  }
  return names.size === 0 ? undefined : names;
}

/** White space, and characters that are not shown, such as zero-width spaces. */
const UNSEEN = /[\s\p{Default_Ignorable_Code_Point}]/gu;
