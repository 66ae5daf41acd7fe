import type { Rule } from "../rule.ts";

/**
 * Clients whose name people would take for another client: it looks like the name of a client before it in the file, or
 * like the key or client id of any other. Case, width, white space and invisible characters do not tell names apart.
 */
export const sharedClientName: Rule = ({ clients, clientNames }) => {
  if (clientNames === undefined) return [];
  const identifiers = new Map<string, string[]>();
  for (const { name: key, id } of clients.values()) {
    for (const text of new Set([key, id].map(appearance))) {
      identifiers.set(text, [...(identifiers.get(text) ?? []), key]);
    }
  }
  const firsts = new Map<string, string>();
  return Array.from(clientNames).flatMap(([key, name]) => {
    const text = appearance(name);
    const twin = firsts.get(text) ?? identifiers.get(text)?.find((other) => other !== key);
    if (!firsts.has(text)) firsts.set(text, key);
    if (twin === undefined) return [];
    const message = `People may take this client for \`${twin}\`, which is called the same.`;
    const hint = "Give it a name that no other client has as its name, key or `id`.";
    return [{ route: undefined, path: ["clients", key, "name"], message, hint }];
  });
};

/**
 * The form of a name by which a reader tells it from others. Does not compare letters of several scripts that look
 * alike.
 */
function appearance(name: string): string {
  return name
    .normalize("NFKC")
    .replace(/\p{Default_Ignorable_Code_Point}/gu, "")
    .trim()
    .replace(/\s+/g, " ")
    .toLowerCase();
}
