import { readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, isAbsolute, relative, resolve, sep } from "node:path";
import { isObject, type JsonObject } from "../../../json/json-object.ts";
import {
  MAX_DOCUMENT_BYTES,
  MAX_DOCUMENT_FILE_BYTES,
  MAX_DOCUMENT_FILES,
  MAX_REFERENCE_HOPS,
} from "../../../limits.ts";
import { type FaultText, failure, fault, type Result, success } from "../../../result.ts";
import type { ParseText } from "./parse-text.ts";

/** A value of a document, and the file it stands in: references in the value are relative to that file. */
export interface Placed<Value = unknown> {
  readonly value: Value;
  /** The real path of the file. */
  readonly file: string;
}

/** How much is read of a document. */
export interface DocumentLimits {
  readonly fileBytes: number;
  readonly bytes: number;
  readonly files: number;
}

const DEFAULT_LIMITS: DocumentLimits = {
  fileBytes: MAX_DOCUMENT_FILE_BYTES,
  bytes: MAX_DOCUMENT_BYTES,
  files: MAX_DOCUMENT_FILES,
};

/** The members that may stand beside `$ref` (OpenAPI 3.1 4.8.23). They say nothing about security. */
const BESIDE_REFERENCE: ReadonlySet<string> = new Set(["$ref", "summary", "description"]);

/**
 * The files of one document: the one that the user named, and those that its references name.
 *
 * A document comes from others, so a reference is never followed over the network, and never out of the folder of the
 * named file: neither by `..`, nor by an absolute path, nor through a link. Each file is read once. The limits are
 * `MAX_DOCUMENT_FILE_BYTES`, `MAX_DOCUMENT_BYTES` and `MAX_DOCUMENT_FILES`.
 */
export class DocumentFiles {
  readonly #parse: ParseText;
  readonly #entry: string;
  readonly #folder: string;
  readonly #limits: DocumentLimits;
  readonly #read = new Map<string, Result<Placed, FaultText>>();
  #bytes = 0;

  /** @param entry path of the named file. Throws the error of the file system if there is no such file. */
  constructor(entry: string, parse: ParseText, limits: DocumentLimits = DEFAULT_LIMITS) {
    this.#parse = parse;
    this.#limits = limits;
    this.#entry = realpathSync(entry);
    this.#folder = dirname(this.#entry);
  }

  /** The named file as a whole. */
  entry(): Result<Placed, FaultText> {
    return this.#load(this.#entry);
  }

  /** The file that a value stands in, as a whole; `undefined` if that is the named file. */
  otherFileOf({ file }: Placed): unknown {
    const read = file === this.#entry ? undefined : this.#read.get(file);
    return read?.ok ? read.value.value : undefined;
  }

  /**
   * The value that a reference leads to, through any further references; the value itself if it is not a reference.
   * Fails if other members stand beside `$ref`, because readers disagree on which of them count.
   */
  follow(placed: Placed): Result<Placed, FaultText> {
    let found = placed;
    for (let hop = 0; hop <= MAX_REFERENCE_HOPS; hop++) {
      if (!isReference(found)) return success(found);
      const beside = Object.keys(found.value).find((name) => !BESIDE_REFERENCE.has(name));
      if (beside !== undefined) return fault(`\`${beside}\` stands beside \`$ref\`.`, "Keep one of the two.");
      const target = this.target(found);
      if (!target.ok) return target;
      found = target.value;
    }
    return fault("The reference leads to too many others, or in a circle.", "Refer to the value itself.");
  }

  /** What the `$ref` of a value names. Does not look at the members beside it, nor follow a further reference. */
  target({ value, file }: Placed<JsonObject>): Result<Placed, FaultText> {
    const { $ref: reference } = value;
    if (typeof reference !== "string") return fault("A `$ref` is not a string.", "Write a path or a JSON Pointer.");
    if (/^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(reference)) {
      return fault(`${reference} is on the network.`, "Download it and refer to the file.");
    }
    const [path = "", pointer = ""] = splitReference(reference) ?? [];
    const target = path === "" ? this.#load(file) : this.#loadBeside(file, path, reference);
    if (!target.ok) return target;
    const found = splitReference(reference) && valueAt(target.value.value, pointer);
    if (found === undefined) return fault(`The reference \`${reference}\` leads nowhere.`, "Correct it.");
    return success({ value: found, file: target.value.file });
  }

  #loadBeside(file: string, path: string, reference: string): Result<Placed, FaultText> {
    const outside = fault(
      `The reference \`${reference}\` leads out of the document's folder.`,
      "Move the file into the folder of the document.",
    );
    const named = resolve(dirname(file), path);
    // Windows takes a path with backslashes for one on the network, and this looks before anything is opened.
    if (path.includes("\\") || !this.#isInside(named)) return outside;
    const real = realPathOf(named);
    if (real === undefined) return fault(`The reference \`${reference}\` names no file.`, "Correct it.");
    return this.#isInside(real) ? this.#load(real) : outside;
  }

  #isInside(path: string): boolean {
    const way = relative(this.#folder, path);
    return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
  }

  #load(file: string): Result<Placed, FaultText> {
    const known = this.#read.get(file);
    if (known) return known;
    const loaded = this.#parseFile(file);
    this.#read.set(file, loaded);
    return loaded;
  }

  #parseFile(file: string): Result<Placed, FaultText> {
    const name = relative(this.#folder, file);
    const stats = statSync(file);
    // A device or a pipe has no size, and reading it might never end.
    if (!stats.isFile()) return fault(`\`${name}\` is not a file.`, "Name a file.");
    this.#bytes += stats.size;
    const { fileBytes, bytes, files } = this.#limits;
    if (stats.size > fileBytes || this.#bytes > bytes || this.#read.size >= files) {
      return fault(
        `\`${name}\` makes the document too large.`,
        "Split the document, and import its parts by themselves.",
      );
    }
    const parsed = this.#parse(readFileSync(file, "utf8"));
    if (parsed.ok) return success({ value: parsed.value, file });
    return failure({ message: `\`${name}\` cannot be read: ${parsed.failure}`, hint: "Correct the file." });
  }
}

/** Whether a value refers to another. */
export function isReference(placed: Placed): placed is Placed<JsonObject> {
  return isObject(placed.value) && Object.hasOwn(placed.value, "$ref");
}

/** The path and the JSON Pointer of a reference, decoded; `undefined` if they cannot be decoded. */
function splitReference(reference: string): readonly [string, string] | undefined {
  const [path = "", ...fragment] = reference.split("#");
  try {
    return [decodeURIComponent(path), decodeURIComponent(fragment.join("#"))];
  } catch {
    return undefined;
  }
}

/** The value at a JSON Pointer (RFC 6901); `undefined` if there is none. Follows no reference on the way. */
function valueAt(root: unknown, pointer: string): unknown {
  if (pointer === "") return root;
  if (!pointer.startsWith("/")) return undefined;
  let value = root;
  for (const token of pointer.slice(1).split("/")) {
    const name = token.replaceAll("~1", "/").replaceAll("~0", "~");
    if (Array.isArray(value)) value = /^(?:0|[1-9]\d*)$/.test(name) ? value[Number(name)] : undefined;
    else value = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  }
  return value;
}

function realPathOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
