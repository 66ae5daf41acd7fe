import { isObject, type JsonObject } from "../../json/json-object.ts";
import { success } from "../../result.ts";
import { stringAt } from "../json-members.ts";
import { withoutNulls } from "./from-terraform.ts";
import { ResourceReader } from "./resource-reader.ts";
import type { SettingsResult } from "./source-fault.ts";
import { kindOf, TERRAFORM_NAMES } from "./terraform-names.ts";

/** Whether a document is the output of `terraform show -json`: a state, or a plan. */
export function isTerraformState(document: JsonObject): boolean {
  return typeof document["format_version"] === "string" && ("values" in document || "planned_values" in document);
}

/**
 * The settings in a state, as `terraform show -json` prints it, of all its modules. A state has the values that exist
 * in AWS, the ids of clients among them. A plan is a fault, because it does not have all of them.
 */
export function fromTerraformState(document: JsonObject): SettingsResult {
  const reader = new ResourceReader({ ...TERRAFORM_NAMES, clientId: "id" }, success);
  if ("planned_values" in document) {
    reader.report("planned_values", "This is a plan. Import a state: `terraform show -json` without a file.");
    return reader.finish();
  }
  const values = document["values"];
  const modules: [place: string, module: unknown][] = [];
  if (isObject(values)) modules.push(["values.root_module", values["root_module"] ?? {}]);
  else reader.report("values", "This is not an object.");
  for (const [place, module] of modules) {
    if (!isObject(module)) {
      reader.report(place, "This is not an object.");
      continue;
    }
    for (const [index, resource] of listAt(module, "resources", place, reader).entries()) {
      addResource(resource, `${place}.resources[${index}]`, reader);
    }
    for (const [index, child] of listAt(module, "child_modules", place, reader).entries()) {
      modules.push([`${place}.child_modules[${index}]`, child]);
    }
  }
  return reader.finish();
}

function addResource(resource: unknown, place: string, reader: ResourceReader): void {
  if (!isObject(resource)) {
    reader.report(place, "This is not an object.");
    return;
  }
  const kind = kindOf(resource["type"]);
  if (kind === undefined) return;
  const where = stringAt(resource, "address") ?? place;
  const attributes = resource["values"];
  if (kind === "unknown") reader.report(where, `The import does not know the type \`${resource["type"]}\`.`);
  else if (!isObject(attributes)) reader.report(`${where}.values`, "This is not an object.");
  else if (kind === "server") reader.addServer(withoutNulls(attributes), where);
  else reader.addClient(withoutNulls(attributes), where, "");
}

function listAt(module: JsonObject, name: string, place: string, reader: ResourceReader): readonly unknown[] {
  const value = module[name] ?? [];
  if (Array.isArray(value)) return value;
  reader.report(`${place}.${name}`, "This is not a list.");
  return [];
}
