import fc from "fast-check";

/** A security scheme as it is written, and what a reader must take it for. */
interface SchemeModel {
  readonly written: object;
  readonly kind: "token" | "unchecked" | "unknown";
}

/** The schemes that a random document may use. Those that `undeclared` names are never declared. */
export const SCHEMES: Readonly<Record<string, SchemeModel>> = {
  oauth: { written: { type: "oauth2", flows: {} }, kind: "token" },
  oidc: { written: { type: "openIdConnect" }, kind: "token" },
  jwt: { written: { type: "http", scheme: "Bearer" }, kind: "token" },
  pool: { written: { type: "apiKey", "x-amazon-apigateway-authtype": "cognito_user_pools" }, kind: "token" },
  basic: { written: { type: "http", scheme: "basic" }, kind: "unchecked" },
  key: { written: { type: "apiKey", in: "header", name: "x-api-key" }, kind: "unchecked" },
  OAuth: { written: {}, kind: "unknown" },
  nobody: { written: {}, kind: "unknown" },
  lambda: { written: { type: "apiKey", "x-amazon-apigateway-authtype": "custom" }, kind: "unknown" },
  iam: { written: { type: "apiKey", "x-amazon-apigateway-authtype": "awsSigv4" }, kind: "unknown" },
  google: { written: { type: "oauth2", "x-google-issuer": "https://a.example" }, kind: "unknown" },
  odd: { written: { type: "basic" }, kind: "unknown" },
};
const UNDECLARED: ReadonlySet<string> = new Set(["OAuth", "nobody"]);

export const SCOPES = ["r", "w", "x"] as const;
type Alternative = Readonly<Record<string, readonly string[]>>;
export type SecurityModel = readonly Alternative[] | undefined;

/** How an operation is written, which must not matter. */
type Style = "inline" | "anchor" | "merge key" | "file" | "pointer" | "chain";

export interface OperationModel {
  readonly field: string;
  readonly path: string;
  readonly security: SecurityModel;
  readonly style: Style;
  /** A vendor extension that restricts callers, or a reference that leads nowhere. */
  readonly spoiled: "extension" | "lost" | undefined;
}

export interface DocumentModel {
  readonly common: SecurityModel;
  readonly operations: readonly OperationModel[];
}

/** Templates whose requests overlap in every way, each with a path that no more specific template of the list has. */
export const TEMPLATES: Readonly<Record<string, string>> = {
  "/a": "/a",
  "/a?all={all}": "/a",
  "/a/": "/a/",
  "/a/b": "/a/b",
  "/a/b/": "/a/b/",
  "/a/{x}": "/a/zz",
  "/a/{x}.json": "/a/zz.json",
  "/a/{x}:run": "/a/zz:run",
  "/{p}/b": "/zz/b",
  "/a/{proxy+}": "/a/zz/yy",
  "/{proxy+}": "/q/zz/yy",
};

const scheme = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom("oauth", "oidc", "jwt", "pool") },
  { weight: 2, arbitrary: fc.constantFrom("basic", "key") },
  { weight: 1, arbitrary: fc.constantFrom("OAuth", "nobody", "lambda", "iam", "google", "odd") },
);
const alternative = fc.dictionary(scheme, fc.uniqueArray(fc.constantFrom(...SCOPES), { maxLength: 2 }), {
  maxKeys: 2,
  noNullPrototype: true,
});
const security: fc.Arbitrary<SecurityModel> = fc.option(fc.array(alternative, { maxLength: 3 }), { nil: undefined });
const operation = fc.record({
  field: fc.constantFrom("get", "put", "head", "options", "x-amazon-apigateway-any-method"),
  path: fc.constantFrom(...Object.keys(TEMPLATES)),
  security,
  style: fc.constantFrom<Style[]>("inline", "anchor", "merge key", "file", "pointer", "chain"),
  spoiled: fc.oneof(
    { weight: 12, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constantFrom("extension" as const, "lost" as const) },
  ),
});

/** Documents with one to eight operations. */
export const documentModel: fc.Arbitrary<DocumentModel> = fc.record({
  common: security,
  operations: fc.uniqueArray(operation, {
    selector: ({ field, path }) => `${field} ${path}`,
    minLength: 1,
    maxLength: 8,
  }),
});

/** The files of a document: its own, `openapi.yaml`, and those that it refers to. */
export function writeDocument({ common, operations }: DocumentModel): Readonly<Record<string, string>> {
  const files: Record<string, string> = {};
  const anchors: string[] = [];
  const items = new Map<string, string[]>();
  const parts: Record<string, unknown> = {};
  for (const [index, { field, path, security: own, style, spoiled }] of operations.entries()) {
    const value = {
      responses: {},
      ...(own && { security: own }),
      ...(spoiled === "extension" && { "x-required-scopes": ["x"] }),
    };
    const text = JSON.stringify(value);
    const [file, name] = [`op-${index}.json`, `op${index}`];
    const write = (): string => {
      if (spoiled === "lost") return '{ "$ref": "lost.json" }';
      if (style === "inline") return text;
      if (style === "file" || style === "chain") files[file] = text;
      if (style === "file") return `{ "$ref": "${file}" }`;
      parts[name] = style === "chain" ? { $ref: file } : value;
      if (style === "pointer" || style === "chain") return `{ "$ref": "#/x-parts/${name}" }`;
      anchors.push(`&${name} ${text}`);
      return style === "anchor" ? `*${name}` : `{ <<: *${name} }`;
    };
    const fields = items.get(path) ?? [];
    fields.push(`    ${field}: ${write()}`);
    items.set(path, fields);
  }
  const declared = Object.entries(SCHEMES).filter(([name]) => !UNDECLARED.has(name));
  const schemes = Object.fromEntries(declared.map(([name, { written }]) => [name, written]));
  files["openapi.yaml"] = [
    "openapi: 3.0.3",
    `x-anchors: [${anchors.join(", ")}]`,
    `x-parts: ${JSON.stringify(parts)}`,
    ...(common ? [`security: ${JSON.stringify(common)}`] : []),
    `components: ${JSON.stringify({ securitySchemes: schemes })}`,
    "paths:",
    ...Array.from(items, ([path, fields]) => [`  ${JSON.stringify(path)}:`, ...fields]).flat(),
    "",
  ].join("\n");
  return files;
}
