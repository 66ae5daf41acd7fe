import { isObject, type JsonObject } from "../../json/json-object.ts";
import { failure, type Result, success } from "../../result.ts";
import { readEach, readMembers } from "./read-each.ts";
import { SERVER_TYPE } from "./terraform-names.ts";

/** Far more than the longest full scope name in Cognito (513 characters). References must not multiply a text. */
const MAX_TEXT_LENGTH = 2048;
const MAX_NESTING = 32;
/** Escapes of both kinds, an interpolation without a string or an object in it, and any other beginning of one. */
const TEMPLATE = /\$\$\{|%%\{|\$\{([^{}"]*)\}|[$%]\{/g;

type Evaluated = Result<unknown, string>;

/** The parts of a configuration that expressions refer to, by name. */
export interface TerraformScope {
  readonly servers: ReadonlyMap<string, JsonObject>;
  readonly variables: ReadonlyMap<string, JsonObject>;
  readonly locals: ReadonlyMap<string, unknown>;
}

/** The objects in a member that may hold one block or a list of blocks; `undefined` if it holds anything else. */
export function blocksOf(value: unknown): readonly JsonObject[] | undefined {
  const blocks = Array.isArray(value) ? value : [value];
  return blocks.every(isObject) ? blocks : undefined;
}

/**
 * Evaluates expressions of Terraform's JSON syntax as far as the file alone decides them: attributes of its resource
 * servers, variables with a default, and locals. Functions, operators, conditions, other resources, data and modules
 * fail.
 */
export class TerraformExpressions {
  readonly #scope: TerraformScope;
  readonly #known = new Map<string, Evaluated>();
  /** Names of the variables whose default was used. */
  readonly usedDefaults = new Set<string>();

  constructor(scope: TerraformScope) {
    this.#scope = scope;
  }

  /** Evaluates a value and everything in it. `null` stands for a member that is absent. */
  evaluate(value: unknown, depth = 0): Evaluated {
    if (depth > MAX_NESTING) return failure("The value is nested too deeply.");
    if (typeof value === "string") return this.#template(value, depth);
    if (Array.isArray(value)) return readEach(value, (item) => this.evaluate(item, depth + 1));
    if (!isObject(value)) return success(value ?? undefined);
    return readMembers(value, (item) => this.evaluate(item, depth + 1));
  }

  #template(text: string, depth: number): Evaluated {
    const [only] = text.matchAll(TEMPLATE);
    // An interpolation that is the whole string keeps its type: it may be a list.
    if (only !== undefined && only[0] === text && only[1] !== undefined) return this.#expression(only[1], depth);
    let evaluated = "";
    let end = 0;
    for (const { 0: whole, 1: expression, index } of text.matchAll(TEMPLATE)) {
      evaluated += text.slice(end, index);
      end = index + whole.length;
      if (whole === "$${" || whole === "%%{") evaluated += whole.slice(1);
      else if (expression === undefined) return failure("The import does not evaluate this kind of expression.");
      else {
        const value = this.#expression(expression, depth);
        if (!value.ok) return value;
        if (typeof value.value !== "string") return failure(`\`${expression.trim()}\` is not a string.`);
        evaluated += value.value;
      }
    }
    evaluated += text.slice(end);
    return evaluated.length > MAX_TEXT_LENGTH
      ? failure("The value is longer than Cognito accepts.")
      : success(evaluated);
  }

  #expression(text: string, depth: number): Evaluated {
    const expression = text.trim();
    const known = this.#known.get(expression);
    if (known) return known;
    this.#known.set(expression, failure(`\`${expression}\` refers to itself.`));
    const evaluated = this.#lookUp(expression, depth + 1);
    this.#known.set(expression, evaluated);
    return evaluated;
  }

  #lookUp(expression: string, depth: number): Evaluated {
    const [root = "", name = "", attribute, ...others] = expression.split(".");
    const isTooLong = others.length > 0 || !/^[\w.-]+$/.test(expression);
    if (root === SERVER_TYPE && attribute !== undefined && !isTooLong) return this.#attribute(name, attribute, depth);
    if (root === "var" && attribute === undefined && !isTooLong) return this.#variable(name);
    if (root === "local" && attribute === undefined && !isTooLong) {
      if (this.#scope.locals.has(name)) return this.evaluate(this.#scope.locals.get(name), depth);
      return failure(`The file has no local \`${name}\`.`);
    }
    return failure(`The import cannot evaluate \`${expression}\` from this file alone.`);
  }

  #variable(name: string): Evaluated {
    const variable = this.#scope.variables.get(name);
    if (variable === undefined) return failure(`The file has no variable \`${name}\`.`);
    if (variable["sensitive"] !== undefined) return failure(`The variable \`${name}\` is sensitive.`);
    const value = variable["default"];
    if (value === undefined || value === null) return failure(`The variable \`${name}\` has no default.`);
    // Terraform does not evaluate a default; whether it means an expression literally is not for the import to guess.
    if (/[$%]\{/.test(JSON.stringify(value)))
      return failure(`The default of the variable \`${name}\` is an expression.`);
    this.usedDefaults.add(name);
    return success(value);
  }

  #attribute(label: string, attribute: string, depth: number): Evaluated {
    const server = this.#scope.servers.get(label);
    if (server === undefined) return failure(`The file has no \`${SERVER_TYPE}.${label}\`.`);
    if (attribute === "identifier" || attribute === "name") return this.evaluate(server[attribute], depth);
    if (attribute !== "scope_identifiers") {
      return failure(`The import cannot evaluate \`${SERVER_TYPE}.${label}.${attribute}\` from this file alone.`);
    }
    const identifier = this.evaluate(server["identifier"], depth);
    if (!identifier.ok) return identifier;
    const names = readEach(
      (blocksOf(server["scope"] ?? []) ?? [undefined]).map((scope) => scope?.["scope_name"]),
      (item) => this.evaluate(item, depth + 1),
    );
    if (!names.ok) return names;
    if (![identifier.value, ...names.value].every((part) => typeof part === "string" && part !== "")) {
      return failure(`The import does not understand the scopes of \`${SERVER_TYPE}.${label}\`.`);
    }
    return success(names.value.map((name) => `${identifier.value}/${name}`));
  }
}
