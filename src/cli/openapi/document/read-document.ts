import { existsSync } from "node:fs";
import { isObject, type JsonObject } from "../../../json/json-object.ts";
import { MAX_DOCUMENT_ENTRIES } from "../../../limits.ts";
import { InputError } from "../../args/exit-code.ts";
import { objectAt } from "../../json-members.ts";
import type { ApiDocument } from "./api-document.ts";
import { basePathsOf } from "./base-path.ts";
import { DocumentFiles, type Placed } from "./document-files.ts";
import { loadTextParser } from "./parse-text.ts";
import { readOperations } from "./read-operations.ts";
import { readScheme } from "./read-scheme.ts";
import { readSecurity } from "./read-security.ts";

/**
 * Reads an OpenAPI 3.0 or 3.1 document, YAML or JSON, from a file. Parts that do not matter to routes are not
 * validated, because real documents are often faulty there. References are followed in all parts that matter, also into
 * other files of the document's folder, but never over the network: see `DocumentFiles`.
 *
 * Every operation of the document is in the result. If a part of one is not understood, the operation has a `fault`, so
 * that it is never taken for one that admits more callers.
 *
 * Throws `InputError` for a document that cannot be read, is not OpenAPI 3.0 or 3.1, has no paths, has a malformed
 * `security` member, or is too large.
 */
export async function readDocument(file: string): Promise<ApiDocument> {
  if (!existsSync(file)) throw new InputError(`${file}: There is no such file.`);
  const files = new DocumentFiles(file, await loadTextParser());
  const entry = files.entry();
  if (!entry.ok) throw new InputError(`${file}: ${entry.failure.message} ${entry.failure.hint}`);
  const { value: root, file: entryFile } = entry.value;
  if (!isObject(root)) throw new InputError(`${file}: This is not an OpenAPI document.`);
  checkVersion(file, root);
  const at = (value: unknown): Placed => ({ value, file: entryFile });
  const paths = objectIn(file, "paths", at(root["paths"]), files);
  if (paths === undefined) throw new InputError(`${file}: The document has no paths.`);
  const spend = createBudget(file);
  const common = readSecurity(at(root["security"]), `${file}: security`, files, spend);
  const context = { files, root, common, name: file, spend };
  const operations = membersOf(paths).flatMap(([path, item]) =>
    /^x-/i.test(path) ? [] : readOperations(path, item, context),
  );
  const components = objectIn(file, "components", at(root["components"]), files);
  const schemes = components && objectIn(file, "securitySchemes", memberOf(components, "securitySchemes"), files);
  const title = objectAt(root, "info")["title"];
  return {
    title: typeof title === "string" ? title : file,
    operations,
    schemes: new Map(
      (schemes ? membersOf(schemes) : []).map(([name, scheme]) => {
        const found = files.follow(scheme);
        return [name, found.ok ? readScheme(found.value.value) : { kind: "unknown", fault: found.failure }];
      }),
    ),
    basePaths: basePathsOf(root["servers"]),
  };
}

function checkVersion(file: string, { openapi, swagger }: JsonObject): void {
  if (typeof openapi === "string" && /^3\.[01]\.\d+/.test(openapi)) return;
  const version = openapi ?? swagger;
  const found = typeof version === "string" || typeof version === "number" ? `version ${version}` : "no version";
  const hint = swagger === undefined ? "" : " Convert it to OpenAPI 3 first.";
  throw new InputError(`${file}: This is not OpenAPI 3.0 or 3.1: it has ${found}.${hint}`);
}

/**
 * A part of the document that must be an object; `undefined` if there is none. Throws `InputError` if it is unreadable.
 */
function objectIn(file: string, name: string, placed: Placed, files: DocumentFiles): Placed<JsonObject> | undefined {
  if (placed.value === undefined || placed.value === null) return undefined;
  const found = files.follow(placed);
  if (!found.ok) throw new InputError(`${file}: ${name}: ${found.failure.message} ${found.failure.hint}`);
  const { value, file: place } = found.value;
  if (!isObject(value)) throw new InputError(`${file}: ${name} is not an object.`);
  return { value, file: place };
}

function membersOf({ value, file }: Placed<JsonObject>): readonly (readonly [string, Placed])[] {
  return Object.entries(value).map(([name, member]) => [name, { value: member, file }]);
}

function memberOf({ value, file }: Placed<JsonObject>, name: string): Placed {
  return { value: Object.hasOwn(value, name) ? value[name] : undefined, file };
}

/** References can name one large part many times, so what is read is counted, and not only the size of the files. */
function createBudget(file: string): (entries: number) => void {
  let left = MAX_DOCUMENT_ENTRIES;
  return (entries) => {
    left -= entries;
    if (left >= 0) return;
    const limit = `${MAX_DOCUMENT_ENTRIES} operations, security entries and scopes`;
    throw new InputError(`${file}: With its references, the document has more than ${limit}.`);
  };
}
