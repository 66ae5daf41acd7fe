import { chmodSync, lstatSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";

/**
 * Writes a file in one step: a reader sees the old text or the new one, never half of it, and a failure leaves the old
 * one. A link stays a link: the file that it leads to is replaced. An existing file keeps its permissions. The folder
 * must exist. Throws the error of the file system if the file cannot be written.
 */
export function replaceFile(file: string, text: string): void {
  const target = fileExists(file) ? realpathSync(file) : file;
  const unfinished = `${target}.${process.pid}`;
  try {
    // Others who may write to the folder could have put a link there: it would lead to a file that is not meant.
    writeFileSync(unfinished, text, { flag: "wx" });
    if (fileExists(target)) chmodSync(unfinished, statSync(target).mode);
    renameSync(unfinished, target);
  } catch (error) {
    if (fileExists(unfinished)) rmSync(unfinished);
    throw error;
  }
}

/** Whether the file exists. A link counts even if it leads nowhere; a path that cannot be reached does not. */
export function fileExists(file: string): boolean {
  try {
    return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

/** The code of a file system's error for a message: `ENOENT`. */
export function fileErrorCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
