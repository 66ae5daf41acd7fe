import { jsonValue } from "./json-value.ts";
import { MAX_LOG_DOCUMENT_LENGTH } from "./log-limits.ts";

/** Text that is not a JSON document, counted by what it is. */
export interface UnreadText {
  /** Lines that do not begin like JSON. */
  otherText: number;
  /** Documents that begin like JSON and are not: somebody cut them off, or wrote into them. */
  cut: number;
  /** Documents that are longer than `MAX_LOG_DOCUMENT_LENGTH`. */
  tooLong: number;
}

/** A document of many lines whose end has not been read yet. */
interface OpenDocument {
  /** The white space in front of its first and its last line. All lines between have more. */
  readonly indent: string;
  /** `undefined`: it is too long, and the rest of it is passed over. */
  lines: string[] | undefined;
  length: number;
}

/**
 * Finds the JSON documents in a log, line by line: those of one line, and those of many lines as `JSON.stringify` with
 * an indentation writes them. Other text may stand between them. It keeps one document in memory at most.
 *
 * A document begins at the start of a line. If it could begin in the middle, then a caller whose address stands in the
 * log of somebody else could write a line there.
 */
export class DocumentSplitter {
  readonly #unread: UnreadText;
  #open: OpenDocument | undefined;

  constructor(unread: UnreadText) {
    this.#unread = unread;
  }

  /** @returns the value of the document that this line ends; `undefined`: it ends none */
  take(line: string): unknown {
    const open = this.#open;
    return open === undefined ? this.#outside(line) : this.#inside(open, line);
  }

  /** Counts a document whose end is missing. */
  end(): void {
    if (this.#open?.lines) this.#unread.cut += 1;
    this.#open = undefined;
  }

  #outside(line: string): unknown {
    if (line.length > MAX_LOG_DOCUMENT_LENGTH) return this.#skip("tooLong");
    const text = line.trim();
    // The brackets of a list whose items are documents of their own.
    if (text === "" || text === "[" || text === "]" || text === "],") return undefined;
    const first = text[0];
    if (first !== "{" && first !== "[") return this.#skip("otherText");
    if (text === "{") {
      this.#open = { indent: indentOf(line), lines: [text], length: text.length };
      return undefined;
    }
    return jsonValue(withoutComma(text)) ?? this.#skip("cut");
  }

  #inside(open: OpenDocument, line: string): unknown {
    const { indent } = open;
    const isDeeper = line.length > indent.length && line.startsWith(indent) && isSpace(line.charCodeAt(indent.length));
    if (isDeeper) {
      open.length += line.length;
      if (open.lines && open.length > MAX_LOG_DOCUMENT_LENGTH) {
        this.#unread.tooLong += 1;
        open.lines = undefined;
      }
      open.lines?.push(line);
      return undefined;
    }
    const text = line.trim();
    const isEnd = withoutComma(text) === "}" && indentOf(line) === indent;
    if (isEnd) {
      this.#open = undefined;
      return open.lines && (jsonValue(`${open.lines.join("\n")}\n}`) ?? this.#skip("cut"));
    }
    if (text.startsWith("{")) {
      // The next document begins, so the end of this one is missing.
      this.end();
      return this.#outside(line);
    }
    // Somebody else wrote a line in between.
    return text === "" ? undefined : this.#skip("otherText");
  }

  #skip(what: keyof UnreadText): undefined {
    this.#unread[what] += 1;
    return undefined;
  }
}

function indentOf(line: string): string {
  return line.slice(0, line.length - line.trimStart().length);
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

/** An item of a list ends with a comma. */
function withoutComma(text: string): string {
  return text.endsWith(",") ? text.slice(0, -1) : text;
}
