import { isObject, type JsonObject } from "../../json/json-object.ts";
import { failure, type Result, success } from "../../result.ts";
import { objectAt, stringAt } from "../json-members.ts";
import { readEach, readMembers } from "./read-each.ts";

/** Far more than the longest full scope name in Cognito (513 characters). References must not multiply a text. */
const MAX_TEXT_LENGTH = 2048;
const MAX_NESTING = 32;
/** A variable in the text of `Fn::Sub`. */
const VARIABLE = /\$\{([^{}]*)\}/g;
export const SERVER_TYPE = "AWS::Cognito::UserPoolResourceServer";

type Resolved = Result<unknown, string>;

/** The long form of a tag in YAML: `!Ref A` is `{ "Ref": "A" }`, and `!Sub A` is `{ "Fn::Sub": "A" }`. */
export function intrinsicOf(tag: string, value: unknown): JsonObject {
  const name = tag.replace(/^!/, "");
  return { [name === "Ref" || name === "Condition" ? name : `Fn::${name}`]: value };
}

/**
 * Resolves the intrinsic functions of a CloudFormation template as far as the template alone decides them: `Ref` to one
 * of its resource servers (CloudFormation returns the identifier) or to a parameter with a default, `Fn::Join`, and
 * `Fn::Sub`. All others depend on the account, the stack, conditions or other resources, and fail.
 */
export class IntrinsicResolver {
  readonly #parameters: JsonObject;
  readonly #resources: JsonObject;
  readonly #identifiers = new Map<string, Resolved>();
  /** Names of the parameters whose default was used. */
  readonly usedDefaults = new Set<string>();

  constructor(template: JsonObject) {
    this.#parameters = objectAt(template, "Parameters");
    this.#resources = objectAt(template, "Resources");
  }

  /** Resolves a value and everything in it. */
  resolve(value: unknown, depth = 0): Resolved {
    if (depth > MAX_NESTING) return failure("The value is nested too deeply.");
    if (Array.isArray(value)) return readEach(value, (item) => this.resolve(item, depth + 1));
    if (!isObject(value)) return success(value);
    const names = Object.keys(value);
    const intrinsic = names.find((name) => name === "Ref" || name.startsWith("Fn::"));
    if (intrinsic === undefined) return readMembers(value, (item) => this.resolve(item, depth + 1));
    if (names.length > 1) return failure(`\`${intrinsic}\` has other members beside it.`);
    const argument = value[intrinsic];
    if (intrinsic === "Ref") return this.#reference(argument, depth);
    if (intrinsic === "Fn::Join") return this.#join(argument, depth);
    if (intrinsic === "Fn::Sub") return this.#substitute(argument, depth);
    return failure(`\`${intrinsic}\` cannot be resolved from the template alone.`);
  }

  #reference(name: unknown, depth: number): Resolved {
    if (typeof name !== "string") return failure("`Ref` needs a name.");
    if (Object.hasOwn(this.#parameters, name)) return this.#parameter(name);
    if (Object.hasOwn(this.#resources, name)) return this.#identifier(name, depth);
    if (name.startsWith("AWS::")) return failure(`\`${name}\` cannot be resolved from the template alone.`);
    return failure(`\`${name}\` is neither a parameter nor a resource of the template.`);
  }

  #parameter(name: string): Resolved {
    const parameter = objectAt(this.#parameters, name);
    const type = stringAt(parameter, "Type") ?? "";
    // The default of other types names something that the value is looked up by, as in the Systems Manager.
    if (type !== "String" && type !== "CommaDelimitedList") {
      return failure(`The parameter \`${name}\` has the type \`${type}\`, so the template does not contain its value.`);
    }
    if (parameter["NoEcho"] !== undefined) return failure(`The parameter \`${name}\` is secret (\`NoEcho\`).`);
    const value = stringAt(parameter, "Default");
    if (value === undefined) return failure(`The parameter \`${name}\` has no default.`);
    this.usedDefaults.add(name);
    return success(type === "String" ? value : value.split(",").map((item) => item.trim()));
  }

  /** What `Ref` returns for a resource: the identifier of a resource server. The ids of others are unknown. */
  #identifier(label: string, depth: number): Resolved {
    const resource = objectAt(this.#resources, label);
    if (resource["Type"] !== SERVER_TYPE) {
      return failure(`\`${label}\` gets its id from AWS, so the template does not contain it.`);
    }
    if (resource["Condition"] !== undefined) return failure(`\`${label}\` exists under a condition only.`);
    const known = this.#identifiers.get(label);
    if (known) return known;
    this.#identifiers.set(label, failure(`\`${label}\` refers to itself.`));
    const identifier = this.resolve(objectAt(resource, "Properties")["Identifier"], depth + 1);
    this.#identifiers.set(label, identifier);
    return identifier;
  }

  #join(argument: unknown, depth: number): Resolved {
    const [delimiter, list, ...others] = Array.isArray(argument) ? argument : [];
    if (typeof delimiter !== "string" || list === undefined || others.length > 0) {
      return failure("`Fn::Join` needs a delimiter and a list.");
    }
    const items = this.resolve(list, depth + 1);
    if (!items.ok) return items;
    if (!Array.isArray(items.value) || !items.value.every((item) => typeof item === "string")) {
      return failure("`Fn::Join` needs a list of strings.");
    }
    return bounded(items.value.join(delimiter));
  }

  #substitute(argument: unknown, depth: number): Resolved {
    const [text, given = {}, ...others] = Array.isArray(argument) ? argument : [argument];
    if (typeof text !== "string" || !isObject(given) || others.length > 0) {
      return failure("`Fn::Sub` needs a string, or a string and an object.");
    }
    if (text.replace(VARIABLE, " ").includes("${")) return failure("A variable of `Fn::Sub` does not end.");
    let resolved = "";
    let end = 0;
    for (const { 0: whole, 1: name = "", index } of text.matchAll(VARIABLE)) {
      resolved += text.slice(end, index);
      end = index + whole.length;
      // `${!Name}` stands for the text `${Name}`.
      const value: Resolved = name.startsWith("!")
        ? success(`\${${name.slice(1)}}`)
        : Object.hasOwn(given, name)
          ? this.resolve(given[name], depth + 1)
          : name.includes(".")
            ? failure(`\`Fn::Sub\` with \`${name}\` cannot be resolved from the template alone.`)
            : this.#reference(name, depth + 1);
      if (!value.ok) return value;
      if (typeof value.value !== "string") return failure(`\`${name}\` is not a string, so \`Fn::Sub\` cannot use it.`);
      resolved += value.value;
    }
    return bounded(resolved + text.slice(end));
  }
}

function bounded(text: string): Result<string, string> {
  return text.length > MAX_TEXT_LENGTH ? failure("The value is longer than Cognito accepts.") : success(text);
}
