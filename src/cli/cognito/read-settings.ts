import { isObject } from "../../json/json-object.ts";
import { fromAwsCli, isAwsCliOutput } from "./from-aws-cli.ts";
import { fromCloudFormation } from "./from-cloudformation.ts";
import { fromTerraform } from "./from-terraform.ts";
import { fromTerraformState, isTerraformState } from "./from-terraform-state.ts";
import type { SettingsResult } from "./source-fault.ts";

/**
 * The settings in a document: a CloudFormation template, a Terraform configuration in JSON syntax, the output of
 * `terraform show -json`, or of `aws cognito-idp list-resource-servers`, `describe-resource-server` or
 * `describe-user-pool-client`. `undefined` if it is none of these.
 */
export function readSettings(document: unknown): SettingsResult | undefined {
  if (!isObject(document)) return undefined;
  if ("Resources" in document) return fromCloudFormation(document);
  if ("resource" in document) return fromTerraform(document);
  if (isTerraformState(document)) return fromTerraformState(document);
  return isAwsCliOutput(document) ? fromAwsCli(document) : undefined;
}
