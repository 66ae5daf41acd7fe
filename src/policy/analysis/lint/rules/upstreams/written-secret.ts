import { putSecret } from "../../../../settings/put-secret.ts";
import type { Rule } from "../rule.ts";

/** Words in the names of headers that carry credentials. */
const CREDENTIAL = /(?:^|[^a-z])(?:authorization|secret|password|token|apikey|key)(?:$|[^a-z])/;

/**
 * Headers of upstreams with a fixed value that looks like a credential by the header's name. Everybody who reads the
 * file, its history or the compiled policy knows it then. A guess: the value is not looked at.
 */
export const writtenSecret: Rule = ({ upstreams }) =>
  Array.from(upstreams.values()).flatMap(({ name, headers }) =>
    headers
      .filter(({ header, value }) => value.kind === "text" && CREDENTIAL.test(header))
      .map(({ header }) => ({
        route: undefined,
        path: ["upstreams", name, "headers", header],
        message: `The file contains the value of \`${header}\`, which looks like a secret.`,
        hint: `Write { "secret": "NAME" }, and set a new value with \`${putSecret("NAME")}\`: others may have read this one.`,
        group: { cause: "", name: `\`${header}\` of \`${name}\`` },
      })),
  );
