import { parseSafeUrl } from "../../../http/safe-url.ts";
import type { Report } from "../../fault.ts";

/** Compiles `publicUrl` to an origin, without a trailing slash. Whether it leads to this Worker is not checked. */
export function compilePublicUrl(text: string | undefined, report: Report): string | undefined {
  if (text === undefined) return undefined;
  const url = parseSafeUrl(text);
  if (url.ok && url.value.href === `${url.value.origin}/` && !/[?#]/.test(text)) return url.value.origin;
  const { message } = url.ok ? { message: "This URL has more than an origin." } : url.failure;
  report(["publicUrl"], message, "For example: https://api.example.");
  return undefined;
}
