import type { Report } from "../../fault.ts";

/**
 * Compiles `shadow`: the path of another file beside the policy or in a folder below it. Whether the file is there is
 * not checked: see `compileCandidate` for what is in it.
 */
export function compileShadowFile(file: string | undefined, report: Report): string | undefined {
  if (file === undefined || isShadowFile(file)) return file;
  report(
    ["shadow"],
    `\`${file}\` is not a file in the policy's folder.`,
    "Name a file in the policy's folder or below it, such as routes.next.json, with / between folders.",
  );
  return undefined;
}

/** Whether a path leads to a file beside the policy or below its folder, on every system and in every commit. */
export function isShadowFile(file: string): boolean {
  return !/[\\:]/.test(file) && file.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}
