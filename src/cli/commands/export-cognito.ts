import type { PolicyConfig } from "../../policy/compile/schema/config-schema.ts";
import { defineCommand } from "../args/command.ts";
import { EXIT } from "../args/exit-code.ts";
import { assertCognitoCanHold } from "../cognito/names.ts";
import { settingsOf } from "../cognito/settings.ts";
import { toCloudFormation } from "../cognito/to-cloudformation.ts";
import { toTerraform } from "../cognito/to-terraform.ts";
import { jsonOption } from "../output.ts";
import { loadPolicy, policyOption } from "../policy-file/policy-source.ts";
import { printJson } from "../print/print-json.ts";

export default defineCommand({
  name: "export cognito",
  summary: "Print a policy's resource servers and app clients as infrastructure code for Cognito.",
  options: {
    format: {
      type: "string",
      required: true,
      choices: ["cloudformation", "terraform"],
      description: "A CloudFormation template or a Terraform file (.tf.json). Both are JSON, even without --json.",
    },
    ...policyOption,
    ...jsonOption,
  },
  positionals: {},
  examples: ["--format cloudformation > template.json", "--format terraform > cognito.tf.json"],
  async run(args) {
    const { value, policy } = await loadPolicy(args.policy);
    // The policy compiled, so the value has the shape of the schema.
    const settings = settingsOf(value as PolicyConfig, policy);
    assertCognitoCanHold(settings);
    printJson(args.format === "terraform" ? toTerraform(settings) : toCloudFormation(settings));
    return EXIT.fine;
  },
});
