import { markOf } from "../../matrix/marks.ts";
import type { MatrixData } from "../../matrix/matrix-data.ts";
import { reasonAddress } from "../../matrix/reason-address.ts";

/** What a new element is like. */
export interface ElementOptions {
  readonly class?: string;
  readonly text?: string;
  readonly attributes?: Readonly<Record<string, string | number>>;
}

/** Makes an element. Texts become text nodes, so no name in a policy becomes markup. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  { class: name, text, attributes = {} }: ElementOptions = {},
  ...children: readonly Node[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  if (name !== undefined) made.className = name;
  if (text !== undefined) made.textContent = text;
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, String(value));
  made.append(...children);
  return made;
}

/** Columns before those of the callers: route, requirement, upstream. */
export const FIXED_COLUMNS = ["Route", "Requirement", "Upstream"] as const;

/** What a row of the matrix says, apart from its marks. */
export function rowTexts({ rows, accesses, upstreams }: MatrixData, row: number) {
  const { methods = "", path = "", hosts, access = -1, upstream = -1, query } = rows[row] ?? {};
  const { requirement = "", marks = "" } = accesses[access] ?? {};
  return { methods, path, hosts, requirement, marks, upstream: upstreams[upstream] ?? "", access, query };
}

/** The parts of the first cell: methods, path, hosts. */
export function routeParts({ methods, path, hosts }: ReturnType<typeof rowTexts>): readonly Node[] {
  const where = hosts === undefined ? [] : [element("span", { class: "hosts", text: ` on ${hosts}` })];
  return [element("b", { text: methods }), document.createTextNode(" "), element("code", { text: path }), ...where];
}

/** The mark of a caller in a row: a link to its reason where the page has addresses of reasons. */
export function markElement(data: MatrixData, row: ReturnType<typeof rowTexts>, caller: number): HTMLElement {
  const { name = "" } = data.columns[caller] ?? {};
  const mark = markOf(row.marks[caller]);
  const label = `${name}: ${mark.word}`;
  const href = reasonAddress(data, row, caller);
  if (href === undefined) {
    return element("span", { text: mark.sign, attributes: { role: "img", "aria-label": label } });
  }
  // The grid moves between cells. A thousand links would be a thousand stops of the Tab key.
  return element("a", { text: mark.sign, attributes: { href, "aria-label": label, tabindex: -1 } });
}
