import { isObject, type JsonObject } from "../../json/json-object.ts";
import { objectAt } from "../json-members.ts";
import { IntrinsicResolver, SERVER_TYPE } from "./resolve-intrinsics.ts";
import { API_NAMES, ResourceReader } from "./resource-reader.ts";
import type { SettingsResult } from "./source-fault.ts";

export const CLIENT_TYPE = "AWS::Cognito::UserPoolClient";
/** Resources that are templates themselves. */
const NESTED_TYPES: readonly unknown[] = ["AWS::CloudFormation::Stack", "AWS::Serverless::Application"];
/** Macros of AWS that change no resource server or client, except by `Fn::ForEach`, which is refused. */
const KNOWN_TRANSFORMS = /^AWS::(?:Serverless-|LanguageExtensions$|CodeDeployBlueGreen$|SecretsManager-)/;

/**
 * The settings in a CloudFormation template, also one that CDK made. Resources of other types are ignored. What the
 * template alone does not decide is a fault: conditions, loops, macros, and values that AWS or another stack supplies.
 */
export function fromCloudFormation(template: JsonObject): SettingsResult {
  const resolver = new IntrinsicResolver(template);
  // The template does not contain the ids of clients: Cognito chooses them.
  const reader = new ResourceReader({ ...API_NAMES, clientId: undefined }, (value) => resolver.resolve(value));
  reportTransforms(template["Transform"], reader);
  const resources = template["Resources"];
  if (!isObject(resources)) reader.report("Resources", "This is not an object.");
  const remarks: string[] = [];
  for (const [label, resource] of Object.entries(isObject(resources) ? resources : {})) {
    const place = `Resources.${label}`;
    if (label.startsWith("Fn::")) {
      reader.report(place, "The import cannot tell which resources this function makes.");
      continue;
    }
    if (!isObject(resource)) {
      reader.report(place, "This is not an object.");
      continue;
    }
    const type = resource["Type"];
    if (NESTED_TYPES.includes(type)) remarks.push(`\`${label}\` is a template of its own. Import it, too.`);
    if (type !== SERVER_TYPE && type !== CLIENT_TYPE) continue;
    if (resource["Condition"] !== undefined) {
      reader.report(`${place}.Condition`, "The import cannot tell whether the condition is met.");
    }
    const lost = objectAt(resource, "Metadata")["Scopegate"];
    const { Properties: properties = {} } = resource;
    const where = `${place}.Properties`;
    if (!isObject(properties)) reader.report(where, "This is not an object.");
    else if (Object.keys(properties).some((name) => name.startsWith("Fn::"))) {
      reader.report(where, "The import cannot tell which properties this function makes.");
    } else if (type === SERVER_TYPE) reader.addServer(properties, where, lost);
    else reader.addClient(properties, where, label, lost);
  }
  for (const name of resolver.usedDefaults) {
    remarks.push(`The import used the default of the parameter \`${name}\`. A stack may have another value.`);
  }
  return reader.finish(remarks);
}

function reportTransforms(value: unknown, reader: ResourceReader): void {
  for (const transform of value === undefined ? [] : [value].flat()) {
    if (typeof transform === "string" && KNOWN_TRANSFORMS.test(transform)) continue;
    const name = typeof transform === "string" ? `\`${transform}\`` : "This macro";
    reader.report("Transform", `${name} may change any resource, and the import cannot run it.`);
  }
}
