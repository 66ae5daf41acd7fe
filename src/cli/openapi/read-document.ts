import { existsSync } from "node:fs";
import { InputError } from "../args/exit-code.ts";
import { isObject } from "../json-members.ts";

/** The part of an OpenAPI document that matters to a policy. */
export interface ApiDocument {
  readonly title: string;
  readonly operations: readonly Operation[];
  /** Security schemes by the name that `security` uses for them. */
  readonly schemes: ReadonlyMap<string, SecurityScheme>;
}

/** An operation of a document. */
export interface Operation {
  /** Upper case. */
  readonly method: string;
  /** The path template as it stands in the document. */
  readonly path: string;
  /**
   * The alternatives. Within one, all schemes are needed, each with all of its scopes. `undefined` means that the
   * document does not say who may call. An empty list means that anyone may.
   */
  readonly security: readonly SecurityAlternative[] | undefined;
}

/** Scopes (or roles) by the name of the scheme. */
export type SecurityAlternative = ReadonlyMap<string, readonly string[]>;

/** A security scheme of a document. */
export interface SecurityScheme {
  readonly type: string;
  /** For the type `http`, its scheme in lower case, such as `bearer`. */
  readonly scheme: string | undefined;
  /** Descriptions of the scopes of all flows, by name. */
  readonly scopes: ReadonlyMap<string, string>;
}

/** The fields of a path item that are operations (OpenAPI 3.1 4.8.9.1). */
const METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/**
 * Reads an OpenAPI 3.0 or 3.1 document, YAML or JSON, from a file. Parts that do not matter to routes are not
 * validated, because real documents are often faulty there. References in paths and security schemes are followed, also
 * into other files, but never over the network.
 *
 * Throws `InputError` for a document that cannot be read, is not OpenAPI 3.0 or 3.1, or has no paths.
 */
export async function readDocument(file: string): Promise<ApiDocument> {
  if (!existsSync(file)) throw new InputError(`${file}: There is no such file.`);
  // Loaded only here: the parser takes longer to load than most commands take to run.
  const { dereference, parse } = await import("@readme/openapi-parser");
  const parsed: unknown = await withPlace(file, () => parse(file, { timeoutMs: TIMEOUT_MS }));
  if (!isObject(parsed)) throw new InputError(`${file}: This is not an OpenAPI document.`);
  const { openapi } = parsed;
  if (typeof openapi !== "string" || !/^3\.[01]\.\d+/.test(openapi)) {
    const version = openapi ?? parsed["swagger"];
    const found = typeof version === "string" || typeof version === "number" ? `version ${version}` : "no version";
    throw new InputError(`${file}: This is not OpenAPI 3.0 or 3.1: it has ${found}.`);
  }
  const needsOthers = referencesOf(parsed).map((reference) => {
    if (/^https?:/i.test(reference))
      throw new InputError(`${file}: ${reference} is on the network. Download it and refer to the file.`);
    return reference;
  });
  const document: unknown =
    needsOthers.length > 0
      ? await withPlace(file, () => dereference(file, { timeoutMs: TIMEOUT_MS, dereference: { circular: "ignore" } }))
      : parsed;
  return readParts(file, isObject(document) ? document : {});
}

const TIMEOUT_MS = 30_000;

async function withPlace<Result>(file: string, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new InputError(`${file}: ${error.message.split("\n")[0]}`);
  }
}

/** The references in the parts that matter. */
function referencesOf(document: Readonly<Record<string, unknown>>): readonly string[] {
  const parts = [
    ...membersOf(document["paths"]),
    ...membersOf(membersMap(document["components"]).get("securitySchemes")),
  ];
  return parts.flatMap(([, part]) => (isObject(part) && typeof part["$ref"] === "string" ? [part["$ref"]] : []));
}

function readParts(file: string, document: Readonly<Record<string, unknown>>): ApiDocument {
  const { info, paths, security, components } = document;
  if (!isObject(paths)) throw new InputError(`${file}: The document has no paths.`);
  const common = readSecurity(security, `${file}: security`);
  const operations = membersOf(paths).flatMap(([path, item]) =>
    METHODS.flatMap((method): Operation[] => {
      const operation = isObject(item) ? item[method] : undefined;
      if (!isObject(operation)) return [];
      const own = readSecurity(operation["security"], `${file}: security of ${method} ${path}`);
      return [{ method: method.toUpperCase(), path, security: own ?? common }];
    }),
  );
  const schemes = membersOf(membersMap(components).get("securitySchemes")).map(
    ([name, scheme]) => [name, readScheme(scheme)] as const,
  );
  const title = isObject(info) && typeof info["title"] === "string" ? info["title"] : file;
  return { title, operations, schemes: new Map(schemes) };
}

function readSecurity(value: unknown, place: string): readonly SecurityAlternative[] | undefined {
  if (value === undefined) return undefined;
  // Fail closed: a security member that cannot be read must not count as "anyone may call".
  if (!Array.isArray(value) || !value.every(isObject)) throw new InputError(`${place} is not a list of objects.`);
  return value.map((alternative) => {
    const schemes = membersOf(alternative).map(([name, scopes]) => {
      const isList = Array.isArray(scopes) && scopes.every((scope) => typeof scope === "string");
      if (!isList) throw new InputError(`${place} has scopes that are not a list of strings.`);
      return [name, scopes] as const;
    });
    return new Map(schemes);
  });
}

function readScheme(value: unknown): SecurityScheme {
  const { type, scheme, flows } = isObject(value) ? value : {};
  const scopes = membersOf(flows).flatMap(([, flow]) => membersOf(isObject(flow) ? flow["scopes"] : undefined));
  return {
    type: typeof type === "string" ? type : "unknown",
    scheme: typeof scheme === "string" ? scheme.toLowerCase() : undefined,
    scopes: new Map(scopes.map(([name, description]) => [name, String(description ?? "")])),
  };
}

function membersOf(value: unknown): readonly (readonly [string, unknown])[] {
  return isObject(value) ? Object.entries(value) : [];
}

function membersMap(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(membersOf(value));
}
