import { constants, copyFileSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { InputError } from "../args/exit-code.ts";
import { fileErrorCode } from "../policy-file/replace-file.ts";

/**
 * Refuses a folder that has files already; one that git has just made is fine.
 *
 * @throws InputError it is not empty, or not a folder
 */
export function assertEmptyFolder(folder: string): void {
  if (entriesOf(folder).every((name) => name === ".git")) return;
  throw new InputError(`${folder}: The folder is not empty. Name a new one, because nothing is overwritten.`);
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    const code = fileErrorCode(error);
    if (code === "ENOENT") return [];
    throw new InputError(
      code === "ENOTDIR"
        ? `${folder}: This is a file. Name a new folder.`
        : `${folder}: The folder cannot be read (${code}).`,
    );
  }
}

/**
 * Writes the files of a project. A file that appears in the meantime is never overwritten, and no link is followed.
 *
 * @param copies files to copy: from where, by the path in the project
 * @throws InputError a file cannot be written
 */
export function writeProject(
  folder: string,
  files: ReadonlyMap<string, string>,
  copies: ReadonlyMap<string, string> = new Map(),
): void {
  const write = (path: string, writeTo: (file: string) => void): void => {
    const file = join(folder, path);
    try {
      mkdirSync(dirname(file), { recursive: true });
      writeTo(file);
    } catch (error) {
      throw new InputError(`${file}: The file cannot be written (${fileErrorCode(error)}).`);
    }
  };
  for (const [path, text] of files) write(path, (file) => writeFileSync(file, text, { flag: "wx" }));
  for (const [path, from] of copies) write(path, (file) => copyFileSync(from, file, constants.COPYFILE_EXCL));
}
