import { describe, expect, it } from "vitest";
import { quoted } from "../../../src/cli/print/shell.ts";

describe("quoted", () => {
  it.each([
    { name: "leaves a plain word as it is", input: "../notes-1", posix: "../notes-1", powershell: "../notes-1" },
    { name: "quotes blanks", input: "my notes", posix: "'my notes'", powershell: "'my notes'" },
    { name: "disarms what the shell would run", input: "$(x)`y`;", posix: "'$(x)`y`;'", powershell: "'$(x)`y`;'" },
    { name: "escapes quotes", input: "it's", posix: "'it'\\''s'", powershell: "'it''s'" },
    { name: "quotes what makes an array in PowerShell", input: "@a,b", posix: "'@a,b'", powershell: "'@a,b'" },
    {
      name: "escapes typographic quotes in PowerShell, which takes them for quotes",
      input: "/x\u2018;a\u2019;b\u201a;c\u201b;",
      posix: "'/x\u2018;a\u2019;b\u201a;c\u201b;'",
      powershell: "'/x\u2018\u2018;a\u2019\u2019;b\u201a\u201a;c\u201b\u201b;'",
    },
    { name: "quotes nothing", input: "", posix: "''", powershell: "''" },
  ])("$name", ({ input, posix, powershell }) => {
    expect([quoted(input, "posix"), quoted(input, "powershell")]).toEqual([posix, powershell]);
  });
});
