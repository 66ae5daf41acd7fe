import { parseJson } from "./parse-json.ts";

/**
 * A distinct value for every variable: a host name for those in `hosts`, an https URL for others that begin a string, a
 * plain name for the rest.
 */
export function placeholders(text: string): Readonly<Record<string, string>> {
  const hosts = new Set(variablesIn(hostsIn(text)).map(({ name }) => name));
  const values: Record<string, string> = {};
  for (const { name, beginsString } of variablesIn(text)) {
    const plain = name.toLowerCase().replaceAll("_", "-");
    if (!beginsString) values[name] ??= plain;
    else values[name] = hosts.has(name) ? `${plain}.invalid` : `https://${plain}.invalid`;
  }
  return values;
}

function variablesIn(text: string): readonly { readonly name: string; readonly beginsString: boolean }[] {
  return Array.from(text.matchAll(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g), ({ index, 1: name = "" }) => ({
    name,
    beginsString: text[index - 1] === '"',
  }));
}

/** The text of all `hosts`, those of routes included; empty if there is none, or if the text is not a policy. */
function hostsIn(text: string): string {
  const parsed = text.includes('"hosts"') ? parseJson(text) : undefined;
  if (!parsed?.ok) return "";
  const routes: unknown = Reflect.get(Object(parsed.value), "routes");
  const parts: readonly unknown[] = [parsed.value, ...(Array.isArray(routes) ? routes : [])];
  return JSON.stringify(parts.map((part): unknown => Reflect.get(Object(part), "hosts")));
}
