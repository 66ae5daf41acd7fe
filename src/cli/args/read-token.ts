import { readFileSync } from "node:fs";
import { UsageError } from "./exit-code.ts";
import { unreadableFile } from "./unreadable-file.ts";

/**
 * The option of every command that takes a token from a file. Arguments would show it to other users of the machine.
 */
export const tokenFileOption = {
  "token-file": { type: "string", valueHint: "file", description: "A file with an access token; - reads stdin." },
} as const;

/**
 * Reads the token of `--token-file`. Throws `InputError` if the file cannot be read, and `UsageError` if it is empty.
 */
export function readTokenFile(file: string): string {
  let text: string;
  try {
    text = readFileSync(file === "-" ? 0 : file, "utf8");
  } catch (error) {
    throw unreadableFile(file, error);
  }
  assertToken(text);
  return text;
}

/** Throws `UsageError` for an empty token: an empty pipe or variable is a mistake in the call, not a bad token. */
export function assertToken(text: string): void {
  if (/^(?:bearer)?$/i.test(text.trim())) throw new UsageError("The token is empty.");
}
