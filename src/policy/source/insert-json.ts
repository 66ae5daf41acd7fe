/** What is added at the end of an object or array: values with the names they get, which an array has none of. */
export interface Insertion {
  /** Members and indices from the root. */
  readonly path: readonly (string | number)[];
  readonly entries: readonly (readonly [name: string | undefined, value: unknown])[];
}

/** Longest line that is written for one value; longer ones are spread over several. */
const LINE_WIDTH = 120;

/**
 * Adds to a JSON text without touching what is there: white space, order and spelling stay. The text must be valid and
 * have an object or array at the path.
 */
export function insertJson(text: string, { path, entries }: Insertion): string {
  if (entries.length === 0) return text;
  const { open, close, lastEnd, first } = findContainer(text, path);
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const isSpread = first === undefined || /[\r\n]/.test(text.slice(open, first));
  const outer = indentationAt(text, open);
  const inner = first === undefined || !isSpread ? `${outer}  ` : indentationAt(text, first);
  const written = entries.map(([name, value]) => {
    const prefix = name === undefined ? "" : `${JSON.stringify(name)}: `;
    return prefix + valueText(value, inner, LINE_WIDTH - inner.length - prefix.length - 1, eol);
  });
  const separator = isSpread ? `,${eol}${inner}` : ", ";
  const head = text.slice(0, lastEnd);
  if (first !== undefined) return head + separator + written.join(separator) + text.slice(lastEnd);
  return `${head}${eol}${inner}${written.join(separator)}${eol}${outer}${text.slice(close)}`;
}

interface Container {
  /** Offsets of its brackets. */
  readonly open: number;
  readonly close: number;
  /** Where its last entry ends; after the opening bracket if there is none. */
  readonly lastEnd: number;
  /** Where its first entry begins. */
  readonly first: number | undefined;
}

interface Open {
  readonly at: number;
  readonly isArray: boolean;
  first: number | undefined;
  lastEnd: number;
  /** The member or index that comes next or is being read. */
  step: string | number | undefined;
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

function findContainer(text: string, path: readonly (string | number)[]): Container {
  const stack: Open[] = [];
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    const around = stack.at(-1);
    const end = index + token.length;
    if (token === "}" || token === "]") {
      const steps = stack.slice(0, -1).map(({ step }) => step);
      if (around && steps.length === path.length && steps.every((step, at) => step === path[at])) {
        return { open: around.at, close: index, lastEnd: around.lastEnd, first: around.first };
      }
      stack.pop();
      const holder = stack.at(-1);
      if (holder) holder.lastEnd = end;
    } else if (token === ",") {
      if (around) around.step = around.isArray ? Number(around.step) + 1 : undefined;
    } else if (token !== ":") {
      if (around) {
        around.first ??= index;
        around.lastEnd = end;
        if (around.step === undefined) around.step = JSON.parse(token) as string;
      }
      if (token === "{" || token === "[") {
        const isArray = token === "[";
        stack.push({ at: index, isArray, first: undefined, lastEnd: end, step: isArray ? 0 : undefined });
      }
    }
  }
  throw new TypeError(`There is no object or array at ${path.join(".")}.`);
}

/** Of the line on which an offset stands. */
function indentationAt(text: string, offset: number): string {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? "";
}

/** On one line if it fits, else one line for each entry. */
function valueText(value: unknown, indentation: string, width: number, eol: string): string {
  const inline = inlineText(value);
  if (inline.length <= width || typeof value !== "object" || value === null) return inline;
  const inner = `${indentation}  `;
  const lines = Object.entries(value).map(([name, member]) => {
    const prefix = Array.isArray(value) ? "" : `${JSON.stringify(name)}: `;
    return `${inner}${prefix}${valueText(member, inner, LINE_WIDTH - inner.length - prefix.length - 1, eol)}`;
  });
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return [open, lines.join(`,${eol}`), `${indentation}${close}`].join(eol);
}

/** On one line, with the spaces that people leave. */
function inlineText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inlineText).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}: ${inlineText(member)}`);
  return members.length > 0 ? `{ ${members.join(", ")} }` : "{}";
}
