import type { FaultText } from "../../../result.ts";

const NOT_AN_ORIGIN: FaultText = {
  message: "This is not an origin as browsers send it.",
  hint: "For example: https://shop.example.",
};

/**
 * The fault of an item of a list of origins, if it has one. Origins are compared with the `Origin` header exactly, so
 * they must be written as browsers send it. A `*` may stand for the first label of an http or https host, not for every
 * origin.
 */
export function checkOrigin(text: string): FaultText | undefined {
  if (text === "*") {
    const hint = "Remove the others: it stands for every origin.";
    return { message: "`*` is not the only item of its list.", hint };
  }
  return text.includes("*") ? checkWildcardOrigin(text) : isOrigin(text) ? undefined : NOT_AN_ORIGIN;
}

/** A label of a host: letters, digits and hyphens (RFC 1123 2.1), in lower case as browsers write it. */
const LABEL = "(?!-)[a-z0-9-]{1,63}(?<!-)";
const LABELS_AND_PORT = new RegExp(`^${LABEL}(?:\\.${LABEL})*(?::\\d{1,5})?$`);

function checkWildcardOrigin(text: string): FaultText | undefined {
  const [, scheme, suffix] = /^(https?:\/\/)\*\.([^*]*)$/i.exec(text) ?? [];
  if (suffix === undefined) {
    return {
      message: "A `*` is allowed only as the first label of an http or https host.",
      hint: "Write https://*.shop.example for exactly one label, or list the origins.",
    };
  }
  if (!LABELS_AND_PORT.test(suffix) || !isOrigin(`${scheme}any.${suffix}`)) return NOT_AN_ORIGIN;
  if (suffix.includes(".")) return undefined;
  return {
    message: "This `*` stands for every name below a top-level domain.",
    hint: "Write at least two labels after it, for example: https://*.shop.example.",
  };
}

/**
 * Whether a text is a serialized origin (RFC 6454 6.2), which has no path, not even `/`. Schemes other than http and
 * https are those of apps. `null` is refused, because pages of many origins send it.
 */
function isOrigin(text: string): boolean {
  if (/^https?:/i.test(text)) return URL.parse(text)?.origin === text;
  return /^[a-z][a-z0-9+.-]*:\/\/[a-z0-9._-]+(?::\d{1,5})?$/.test(text);
}
