import { InputError } from "./exit-code.ts";

/**
 * What to throw where an input file cannot be read: most often its name has a typing error, so a file that is not there
 * is told apart. Other causes, such as permissions, are not named.
 *
 * @param name as the user wrote it
 * @param error what reading threw
 */
export function unreadableFile(name: string, error: unknown): InputError {
  return new InputError(`${name}: ${isMissing(error) ? "There is no such file." : "The file cannot be read."}`);
}

/** Whether an error of the file system says that the file is not there. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
