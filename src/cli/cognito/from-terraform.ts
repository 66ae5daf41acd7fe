import { isObject, type JsonObject } from "../../json/json-object.ts";
import { stringAt } from "../json-members.ts";
import { ResourceReader } from "./resource-reader.ts";
import type { SettingsResult } from "./source-fault.ts";
import { blocksOf, TerraformExpressions } from "./terraform-expressions.ts";
import { kindOf, SERVER_TYPE, TERRAFORM_NAMES } from "./terraform-names.ts";

/** The name of members that Terraform ignores. */
export const COMMENT = "//";
/** Members of a resource, and of a block in it, that make any number of copies. */
const COPYING = ["count", "for_each", "dynamic"];

/** A block with its place: `resource.aws_cognito_resource_server.api`. */
interface Block {
  readonly type: string;
  readonly label: string;
  readonly body: JsonObject;
  readonly place: string;
}

/**
 * The settings in a Terraform configuration in JSON syntax (a `.tf.json` file). Resources of other types are ignored.
 * What the file alone does not decide is a fault: copies, functions, and values of other resources or modules.
 */
export function fromTerraform(configuration: JsonObject): SettingsResult {
  const reader = new ResourceReader(TERRAFORM_NAMES, (value) => expressions.evaluate(value));
  const resources = blocksByType(configuration["resource"], reader);
  const servers = resources.filter(({ type }) => type === SERVER_TYPE);
  const expressions = new TerraformExpressions({
    servers: new Map(servers.map(({ label, body }) => [label, body])),
    variables: new Map(membersOf(configuration["variable"]).map(([name, value]) => [name, blocksOf(value)?.[0] ?? {}])),
    locals: new Map(membersOf(configuration["locals"])),
  });
  const addresses = new Set<string>();
  for (const { type, label, body, place } of resources) {
    const kind = kindOf(type);
    if (kind === undefined) continue;
    if (addresses.has(place)) reader.report(place, "There are two resources with this address.");
    addresses.add(place);
    const copying = COPYING.find((name) => Object.hasOwn(body, name));
    if (kind === "unknown") reader.report(place, `The import does not know the type \`${type}\`.`);
    else if (copying !== undefined) reader.report(`${place}.${copying}`, "The import does not evaluate copies.");
    else if (kind === "server") reader.addServer(withScopeList(withoutNulls(body)), place, lostOf(body));
    else reader.addClient(withoutNulls(body), place, label, lostOf(body));
  }
  const defaults = Array.from(
    expressions.usedDefaults,
    (name) => `The import used the default of the variable \`${name}\`. A workspace may have another value.`,
  );
  const modules = membersOf(configuration["module"]).map(
    ([name]) => `The module \`${name}\` was not read. Import the output of \`terraform show -json\` instead.`,
  );
  return reader.finish([...defaults, ...modules]);
}

/** The blocks below `resource`: by type, then by label. Each level may be an object or a list of objects. */
function blocksByType(value: unknown, reader: ResourceReader): readonly Block[] {
  const found: Block[] = [];
  const levels = (blocks: unknown, where: string): readonly (readonly [string, unknown])[] => {
    const objects = blocksOf(blocks);
    if (objects === undefined) reader.report(where, "This is neither an object nor a list of objects.");
    return (objects ?? []).flatMap(Object.entries).filter(([name]) => name !== COMMENT);
  };
  for (const [type, labels] of levels(value, "resource")) {
    if (kindOf(type) === undefined) continue;
    for (const [label, bodies] of levels(labels, `resource.${type}`)) {
      const where = `resource.${type}.${label}`;
      const bodyList = blocksOf(bodies);
      if (bodyList === undefined) reader.report(where, "This is neither an object nor a list of objects.");
      for (const body of bodyList ?? []) found.push({ type, label, body, place: where });
    }
  }
  return found;
}

/** The members of one block or of a list of blocks. */
function membersOf(value: unknown): readonly (readonly [string, unknown])[] {
  return (blocksOf(value ?? []) ?? []).flatMap(Object.entries).filter(([name]) => name !== COMMENT);
}

/** Terraform takes `null` for a member that is absent. */
export function withoutNulls(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
}

/** A single `scope` block may be written without a list. */
function withScopeList(body: JsonObject): JsonObject {
  return isObject(body["scope"]) ? { ...body, scope: [body["scope"]] } : body;
}

/** What `export cognito` wrote beside a resource; `undefined` for the comments of others. */
function lostOf(body: JsonObject): unknown {
  try {
    const value: unknown = JSON.parse(stringAt(body, COMMENT) ?? "");
    return isObject(value) ? value["scopegate"] : undefined;
  } catch {
    return undefined;
  }
}
