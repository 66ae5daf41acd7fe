import { isDeepStrictEqual } from "node:util";
import { isObject, type JsonObject } from "../../../json/json-object.ts";
import { type FaultText, fault, type Result, success } from "../../../result.ts";
import { objectAt, stringAt } from "../../json-members.ts";
import type { Operation, Security } from "./api-document.ts";
import { basePathsOf } from "./base-path.ts";
import { type DocumentFiles, isReference, type Placed } from "./document-files.ts";
import { readSecurity, unknownPart } from "./read-security.ts";
import { securityExtension } from "./vendor-security.ts";

/** What reading an operation takes of the document. */
export interface OperationContext {
  readonly files: DocumentFiles;
  /** The named file as a whole. */
  readonly root: JsonObject;
  /** The `security` of the document, for operations without their own. */
  readonly common: Result<Security, FaultText>;
  /** The name of the document, for messages. */
  readonly name: string;
  /** Called with the number of operations and security entries that were read. Throws `InputError` at the limit. */
  readonly spend: (entries: number) => void;
}

/** The fields of a path item that are operations (OpenAPI 3.1 4.8.9.1). */
const METHODS: ReadonlySet<string> = new Set(["get", "put", "post", "delete", "options", "head", "patch", "trace"]);
/** Amazon API Gateway's field for all methods that the path item does not list. */
const ANY_METHOD = "x-amazon-apigateway-any-method";
/** The other fields of a path item. */
const OTHER_FIELDS: ReadonlySet<string> = new Set(["$ref", "summary", "description", "servers", "parameters"]);

/**
 * Reads the operations of a path item. The path item and its operations can be references. A field that is neither an
 * operation nor known becomes an operation with a fault, so that nothing of the document disappears.
 */
export function readOperations(path: string, item: Placed, context: OperationContext): readonly Operation[] {
  const fields = fieldsOf(item, context.files);
  if (!fields.ok) {
    context.spend(1);
    return [{ method: "*", path, security: undefined, fault: fields.failure }];
  }
  const members = Object.fromEntries(fields.value.map(([name, { value }]) => [name, value]));
  const restriction = restrictionOf(members);
  const operations: Operation[] = [];
  for (const [name, placed] of fields.value) {
    if (OTHER_FIELDS.has(name) || name === "security" || (name !== ANY_METHOD && /^x-/i.test(name))) continue;
    context.spend(1);
    const method = name === ANY_METHOD ? "*" : name.toUpperCase();
    const isMethod = name === ANY_METHOD || METHODS.has(name);
    const read = isMethod ? readOperation(placed, `${name} ${path}`, context) : unknownField(name);
    const basePaths = basePathsOf((read.ok ? read.value.servers : undefined) ?? members["servers"]);
    operations.push({
      method,
      path,
      security: read.ok ? read.value.security : undefined,
      ...(restriction && { fault: restriction }),
      ...(!read.ok && { fault: read.failure }),
      ...(read.ok && name === "options" && isOwnPreflight(read.value) && { isPreflight: true as const }),
      ...(basePaths.length > 0 && { basePaths }),
    });
  }
  return withHeadOfAnyMethod(operations);
}

/**
 * The members of a path item, each with the file it stands in. Beside `$ref`, a path item can have members of its own,
 * but not one that both have (OpenAPI 3.1 4.8.9.1: the behaviour is undefined).
 */
function fieldsOf(item: Placed, files: DocumentFiles): Result<readonly (readonly [string, Placed])[], FaultText> {
  const unknown = unknownPart(item.value);
  if (unknown) return unknown;
  if (!isObject(item.value)) return item.value === null ? success([]) : fault("It is not an object.", "Correct it.");
  const own = placedMembers({ ...item, value: item.value });
  if (!isReference(item)) return success(own);
  const target = files.target(item);
  if (!target.ok) return target;
  const found = files.follow(target.value);
  if (!found.ok) return found;
  const { value, file } = found.value;
  const computed = unknownPart(value);
  if (computed) return computed;
  if (!isObject(value)) return fault("Its reference does not lead to a path item.", "Correct it.");
  const mine = own.filter(([name]) => name !== "$ref");
  const both = mine.find(([name]) => Object.hasOwn(value, name) && name !== "summary" && name !== "description");
  if (both) return fault(`\`${both[0]}\` stands in the path item and in the one it refers to.`, "Keep one of the two.");
  return success([...placedMembers({ value, file }), ...mine]);
}

function placedMembers({ value, file }: Placed<JsonObject>): readonly (readonly [string, Placed])[] {
  return Object.entries(value).map(([name, member]) => [name, { value: member, file }]);
}

interface ReadOperation {
  readonly security: Security;
  /** The type of Amazon API Gateway's integration, in lower case. */
  readonly integration: string | undefined;
  readonly servers: unknown;
}

function readOperation(placed: Placed, name: string, context: OperationContext): Result<ReadOperation, FaultText> {
  const { files, common } = context;
  // Members beside `$ref` are lost in some readers. Only those that restrict callers matter.
  const beside = isReference(placed) ? securityMember(placed.value) : undefined;
  if (beside !== undefined) return fault(`\`${beside}\` stands beside \`$ref\`.`, "Keep one of the two.");
  const found = files.follow(isReference(placed) ? bare(placed) : placed);
  if (!found.ok) return found;
  const { value, file } = found.value;
  const unknown = unknownPart(value);
  if (unknown) return unknown;
  if (!isObject(value)) return fault("It is not an object.", "Correct it.");
  const extension = securityExtension(value) ?? securityExtension(context.root);
  if (extension !== undefined) return { ok: false, failure: restricts(extension) };
  const own = readSecurity(
    { value: value["security"], file },
    `${context.name}: security of ${name}`,
    files,
    context.spend,
  );
  if (!own.ok) return own;
  const inherits = own.value === undefined;
  if (inherits && !common.ok) return common;
  if (!sharesSecurity(files.otherFileOf(found.value), context.root, inherits)) {
    return fault("It stands in an OpenAPI document with `security` of its own.", "Import that document by itself.");
  }
  const security = inherits && common.ok ? common.value : own.value;
  const integration = stringAt(objectAt(value, "x-amazon-apigateway-integration"), "type")?.toLowerCase();
  return success({ security, integration, servers: value["servers"] });
}

/** A reference without the members beside it. */
function bare({ value, file }: Placed<JsonObject>): Placed {
  return { value: { $ref: value["$ref"] }, file };
}

function securityMember(value: JsonObject): string | undefined {
  return Object.hasOwn(value, "security") ? "security" : securityExtension(value);
}

/**
 * Whether the names of schemes and the missing `security` of an operation mean the same in the file it stands in and in
 * the named file. Another whole document can give them a meaning of its own, also one of Swagger 2.0. Any other file
 * with `security` can be meant to give it to the operations that inherit theirs.
 */
function sharesSecurity(other: unknown, root: JsonObject, inherits: boolean): boolean {
  if (!isObject(other)) return true;
  if (!Object.hasOwn(other, "openapi") && !Object.hasOwn(other, "swagger")) {
    const isMissing = !inherits || !Object.hasOwn(other, "security");
    return isMissing || isDeepStrictEqual(other["security"], root["security"]);
  }
  const meaning = (document: JsonObject): unknown => [
    document["security"],
    objectAt(objectAt(document, "components"), "securitySchemes"),
    securityExtension(document),
  ];
  return isDeepStrictEqual(meaning(other), meaning(root));
}

function unknownField(name: string): Result<never, FaultText> {
  const hint = METHODS.has(name.toLowerCase()) ? `Write \`${name.toLowerCase()}\`.` : "Remove it.";
  return fault(`\`${name}\` is not a field of a path item in OpenAPI 3.0 or 3.1.`, hint);
}

/** Why nobody can tell whom a path item admits. A `security` there has no meaning, but it was written for one. */
function restrictionOf(pathItem: JsonObject): FaultText | undefined {
  if (Object.hasOwn(pathItem, "security")) {
    const message = "Its path item has `security`, which OpenAPI does not know there.";
    return { message, hint: "Move it into the operations." };
  }
  const extension = securityExtension(pathItem);
  return extension === undefined ? undefined : restricts(extension);
}

function restricts(extension: string): FaultText {
  return {
    message: `The member \`${extension}\` may restrict its callers, and the gateway does not understand it.`,
    hint: "Remove it if it restricts nobody, or add a route by hand.",
  };
}

/** Amazon API Gateway exports its answer to CORS preflights as an operation with a made-up response. */
function isOwnPreflight({ security, integration }: ReadOperation): boolean {
  return integration === "mock" && (security === undefined || security.every(({ size }) => size === 0));
}

/**
 * At Amazon API Gateway, the field for any method also serves HEAD. In a policy, a GET route would. The two can require
 * different things, so HEAD becomes an operation of its own.
 */
function withHeadOfAnyMethod(operations: readonly Operation[]): readonly Operation[] {
  const any = operations.find(({ method }) => method === "*");
  const methods = new Set(operations.map(({ method }) => method));
  if (any === undefined || !methods.has("GET") || methods.has("HEAD")) return operations;
  return [...operations, { ...any, method: "HEAD" }];
}
