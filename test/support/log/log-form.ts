import { projectFile, tableRows } from "../project/project-files.ts";

/** The form of one member, as docs/reference/log.md gives it. */
export interface MemberForm {
  readonly name: string;
  readonly type: string;
  readonly isOptional: boolean;
}

/** A page's sections with a table of members, by the value of `event`; empty: what every line has. */
const SECTIONS: ReadonlyMap<string, readonly MemberForm[]> = new Map(
  projectFile("docs/reference/log.md")
    .split(/^## /m)
    .filter((section) => section.includes("| member | type | value |"))
    .map((section) => [/^\| `event` \| text \| `([\w-]+)` \|$/m.exec(section)?.[1] ?? "", membersOf(section)] as const),
);

/**
 * The members of an event's lines, without those that every line has; `undefined`: the page does not know the event.
 */
export function formOf(event: string): readonly MemberForm[] | undefined {
  return SECTIONS.get(event);
}

/** The events that the page knows. */
export function documentedEvents(): readonly string[] {
  return [...SECTIONS.keys()].filter((event) => event !== "");
}

/** What is wrong with a line that was written to the log: one text for each member. */
export function wrongMembers(line: Readonly<Record<string, unknown>>): readonly string[] {
  const { event } = line;
  const own = SECTIONS.get(String(event));
  if (own === undefined) return [`event: ${event} is not documented`];
  const forms = new Map([...own, ...(SECTIONS.get("") ?? [])].map((form) => [form.name, form]));
  const unknown = Object.keys(line).filter((name) => !forms.has(name));
  const wrong = [...forms.values()].filter(({ name, type, isOptional }) =>
    line[name] === undefined ? !isOptional : !hasType(line[name], type),
  );
  return [...unknown.map((name) => `${name}: not documented`), ...wrong.map(({ name, type }) => `${name}: no ${type}`)];
}

function membersOf(section: string): readonly MemberForm[] {
  return tableRows(section, ["member", "type", "value"]).flatMap(([names = "", text = ""]) => {
    const [type = "", optional] = text.split(", ");
    return Array.from(names.matchAll(/`(\w+)`/g), ([, name = ""]) => ({
      name,
      type,
      isOptional: optional === "optional",
    }));
  });
}

function hasType(value: unknown, type: string): boolean {
  if (type === "list of texts") return Array.isArray(value) && value.every((item) => typeof item === "string");
  if (type === "`true`") return value === true;
  return typeof value === (type === "text" ? "string" : type);
}
