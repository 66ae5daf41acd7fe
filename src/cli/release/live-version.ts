import { isObject } from "../../json/json-object.ts";
import { objectsAt, stringAt } from "../json-members.ts";

/**
 * The id of the version that gets all requests of an environment; `undefined`: there is none, several are live, or
 * wrangler cannot tell.
 *
 * @param environment its name; empty for the top level
 * @param ask runs wrangler, and returns what it prints
 */
export async function liveVersion(
  environment: string,
  ask: (args: readonly string[]) => Promise<string | undefined>,
): Promise<string | undefined> {
  const text = await ask(["deployments", "status", "--json", "--env", environment]);
  const versions = objectsAt(parsed(text), "versions");
  const [only] = versions;
  const id = only && versions.length === 1 ? stringAt(only, "version_id") : undefined;
  // It becomes a part of a command line that people copy.
  return id !== undefined && /^[\w-]+$/.test(id) ? id : undefined;
}

function parsed(text: string | undefined) {
  try {
    const value: unknown = JSON.parse(text ?? "");
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}
