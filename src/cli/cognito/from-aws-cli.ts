import { isObject, type JsonObject } from "../../json/json-object.ts";
import { success } from "../../result.ts";
import { API_NAMES, ResourceReader } from "./resource-reader.ts";
import type { SettingsResult } from "./source-fault.ts";

/** The members that hold the settings, with what each of them holds. */
const MEMBERS = { ResourceServers: "servers", ResourceServer: "server", UserPoolClient: "client" } as const;

/** Whether a document is the output of one of the commands that `fromAwsCli` reads. */
export function isAwsCliOutput(document: JsonObject): boolean {
  return Object.keys(MEMBERS).some((name) => Object.hasOwn(document, name));
}

/**
 * The settings in the output of `aws cognito-idp list-resource-servers`, `describe-resource-server` or
 * `describe-user-pool-client`. The client's secret, which the last one prints as well, is not read.
 */
export function fromAwsCli(document: JsonObject): SettingsResult {
  const reader = new ResourceReader(API_NAMES, success);
  for (const [name, kind] of Object.entries(MEMBERS)) {
    if (!Object.hasOwn(document, name)) continue;
    const value = document[name];
    const items = kind === "servers" ? value : [value];
    if (!Array.isArray(items)) reader.report(name, "This is not a list.");
    for (const [index, item] of Array.isArray(items) ? items.entries() : []) {
      const place = kind === "servers" ? `${name}[${index}]` : name;
      if (!isObject(item)) reader.report(place, "This is not an object.");
      else if (kind === "client") reader.addClient(item, place, "");
      else reader.addServer(item, place);
    }
  }
  const isIncomplete = typeof document["NextToken"] === "string";
  return reader.finish(isIncomplete ? ["It is incomplete: it has a NextToken. Import the remaining pages, too."] : []);
}
