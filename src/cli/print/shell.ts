/** The shell that a shown command is for. */
export type Shell = "posix" | "powershell";

/** The usual shell of this machine. */
export function localShell(): Shell {
  return process.platform === "win32" ? "powershell" : "posix";
}

/** One word of a command. It must do nothing in the shell that the command is pasted into: a method may contain `|`. */
export function quoted(text: string, shell: Shell): string {
  if (/^[\w./:=-]+$/.test(text)) return text;
  // PowerShell takes typographic quotes for quotes, too.
  const inside = shell === "powershell" ? text.replace(/['\u2018-\u201b]/g, "$&$&") : text.replaceAll("'", "'\\''");
  return `'${inside}'`;
}
