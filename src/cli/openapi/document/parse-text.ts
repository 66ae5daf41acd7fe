import type { Node, Pair, Scalar, YAMLMap, YAMLParseError, YAMLSeq } from "yaml";
import { isNestedDeeper } from "../../../json/is-nested-deeper.ts";
import type { JsonObject } from "../../../json/json-object.ts";
import { MAX_DOCUMENT_NESTING, MAX_YAML_VALUES } from "../../../limits.ts";
import { positionOf } from "../../../policy/source/locator.ts";
import { parseJson } from "../../../policy/source/parse-json.ts";
import { failure, type Result, success } from "../../../result.ts";

/** Parses a text as JSON or YAML. A failure is one sentence, without the name of the file. */
export type ParseText = (text: string) => Result<unknown, string>;

/**
 * Stands for a YAML value with a tag, such as `!Ref` or `!include`: what it means is unknown. It is a symbol, so that
 * no reader takes it for a string, a list or an object.
 */
export const TAGGED_VALUE = Symbol("a value with a tag");

/** Gives the meaning of a YAML value with a tag, such as `!Ref`, as a value of JSON. */
export type ReadTag = (tag: string, value: unknown) => unknown;

/**
 * Loads the parser for JSON and YAML 1.2. Merge keys (`<<`) and aliases count. The values are those of JSON, except
 * `TAGGED_VALUE`.
 *
 * Aliases are written out up to `MAX_YAML_VALUES`: nine lines of nine aliases each stand for 387 million values.
 * Refused are also a member that appears twice, an alias to a value that contains it, a file of several documents, and
 * values that are nested more than `MAX_DOCUMENT_NESTING` levels deep.
 *
 * @param readTag what values with tags mean; default: it is unknown
 */
export async function loadTextParser(
  maxValues = MAX_YAML_VALUES,
  readTag: ReadTag = () => TAGGED_VALUE,
): Promise<ParseText> {
  // Loaded only here: most commands read no YAML.
  const yaml = await import("yaml");
  return (text) => {
    const plain = text.replace(/^\uFEFF/, "");
    if (/^\s*\{/.test(plain)) {
      const parsed = parseJson(plain);
      // YAML has a syntax with braces, too.
      if (parsed.ok) return bounded(parsed.value);
    }
    try {
      // The parser compares each key of a map with all others. `YamlReader` finds a key that appears twice sooner.
      const options = { uniqueKeys: false, merge: false, prettyErrors: false, logLevel: "error" } as const;
      const document = yaml.parseDocument(plain, options);
      const [error] = document.errors;
      if (error) return failure(describe(error, plain));
      return bounded(new YamlReader(yaml, maxValues, readTag).read(document.contents));
    } catch (error) {
      if (error instanceof UnreadableError) return failure(error.message);
      // The parser recurses, and so does `YamlReader` along the nodes that the parser made.
      if (error instanceof RangeError) return failure(NESTED_TOO_DEEPLY);
      throw error;
    }
  };
}

/** Aliases can nest values more deeply than the text does, so the value is looked at. */
function bounded(value: unknown): Result<unknown, string> {
  return isNestedDeeper(value, MAX_DOCUMENT_NESTING) ? failure(NESTED_TOO_DEEPLY) : success(value);
}

class UnreadableError extends Error {}

/** The parser reports that the stack is full like an error in the text. */
function describe({ message, pos }: YAMLParseError, text: string): string {
  if (/call stack/.test(message)) return NESTED_TOO_DEEPLY;
  const { line, column } = positionOf(text, pos[0]);
  return `This is not YAML, at ${line}:${column}: ${message.replace(/\.$/, "")}.`;
}

const NESTED_TOO_DEEPLY = `The values are nested too deeply: at most ${MAX_DOCUMENT_NESTING} levels are read.`;

/** Turns the nodes of one YAML document into values. */
class YamlReader {
  readonly #yaml: typeof import("yaml");
  readonly #readTag: ReadTag;
  /** By name: the latest value with this anchor, and how many values it stands for. */
  readonly #anchors = new Map<string, { readonly value: unknown; readonly size: number }>();
  readonly #maxValues: number;
  #left: number;

  constructor(yaml: typeof import("yaml"), maxValues: number, readTag: ReadTag) {
    this.#yaml = yaml;
    this.#readTag = readTag;
    this.#maxValues = maxValues;
    this.#left = maxValues;
  }

  read(node: Node | null): unknown {
    this.#spend(1);
    if (node === null) return null;
    if (this.#yaml.isAlias(node)) {
      const anchor = this.#anchors.get(node.source);
      if (!anchor) throw new UnreadableError(`The alias \`*${node.source}\` has no value before it.`);
      this.#spend(anchor.size);
      return anchor.value;
    }
    const before = this.#left;
    const { anchor } = node as Scalar | YAMLMap | YAMLSeq;
    // An alias inside the value means the value itself, and not an earlier one with the same anchor.
    if (anchor !== undefined) this.#anchors.delete(anchor);
    const value = this.#readValue(node);
    if (anchor !== undefined) this.#anchors.set(anchor, { value, size: before - this.#left });
    return value;
  }

  #readValue(node: Node): unknown {
    const { isMap, isScalar, isSeq } = this.#yaml;
    const hasKnownTag =
      node.tag === undefined || /^(?:!|tag:yaml\.org,2002:(?:map|seq|str|int|float|bool|null))$/.test(node.tag);
    if (hasKnownTag && isMap(node)) return this.#readMap(node.items);
    if (hasKnownTag && isSeq(node)) return node.items.map((item) => this.read(item as Node | null));
    if (hasKnownTag && isScalar(node) && isPlain(node.value)) return node.value;
    return this.#readTag(node.tag ?? "", this.#untagged(node));
  }

  /** The value of a node without its tag. What is below it counts, too: it may define anchors. */
  #untagged(node: Node): unknown {
    const { isMap, isScalar, isSeq } = this.#yaml;
    if (isMap(node)) return this.#readMap(node.items);
    if (isSeq(node)) return node.items.map((item) => this.read(item as Node | null));
    return isScalar(node) && isPlain(node.value) ? node.value : TAGGED_VALUE;
  }

  #readMap(pairs: readonly Pair[]): JsonObject {
    const own = new Map<string, unknown>();
    const merged = new Map<string, unknown>();
    for (const pair of pairs) {
      const key = pair.key as Node | null;
      const name = this.read(key);
      if (typeof name === "symbol" || (typeof name === "object" && name !== null)) {
        throw new UnreadableError("The name of a member is not a plain value.");
      }
      const value = this.read(pair.value as Node | null);
      if (name === "<<" && this.#isUnquoted(key)) addMerged(this.#merged(value), merged);
      else if (own.has(String(name))) throw new UnreadableError(`The member \`${name}\` appears twice.`);
      else own.set(String(name), value);
    }
    // A member of the map itself replaces a merged one, wherever it stands.
    return Object.fromEntries([...merged, ...own]);
  }

  #isUnquoted(key: Node | null): boolean {
    return this.#yaml.isScalar(key) && key.type === this.#yaml.Scalar.PLAIN;
  }

  /** Of several maps with one member, the first one counts (https://yaml.org/type/merge.html). */
  #merged(source: unknown): ReadonlyMap<string, unknown> {
    const members = new Map<string, unknown>();
    for (const map of Array.isArray(source) ? source : [source]) {
      if (typeof map !== "object" || map === null || Array.isArray(map)) {
        throw new UnreadableError("The merge key `<<` takes only a map or a list of maps.");
      }
      for (const [name, value] of Object.entries(map)) {
        this.#spend(1);
        if (!members.has(name)) members.set(name, value);
      }
    }
    return members;
  }

  #spend(values: number): void {
    this.#left -= values;
    if (this.#left < 0) {
      throw new UnreadableError(`With its aliases, the file has more than ${this.#maxValues} values.`);
    }
  }
}

/** Adds what one merge key brings. Readers disagree on which of two merge keys of one map counts. */
function addMerged(members: ReadonlyMap<string, unknown>, into: Map<string, unknown>): void {
  for (const [name, value] of members) {
    if (into.has(name) && into.get(name) !== value) {
      throw new UnreadableError(`Two merge keys of one map have the member \`${name}\`.`);
    }
    into.set(name, value);
  }
}

function isPlain(value: unknown): boolean {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}
