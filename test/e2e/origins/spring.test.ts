/** The verifier for Spring is compiled, and not run: Debian has no Spring Security. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { scratchDirectory } from "../../support/cli/run-scopegate.ts";
import { projectFile, ROOT } from "../../support/project/project-files.ts";

const run = promisify(execFile);
const scratch = scratchDirectory();

/** What an IDE imports, and the three constants that the guide leaves to the reader. */
const IMPORTS = [
  "import java.nio.charset.StandardCharsets;",
  "import java.security.*;",
  "import java.time.*;",
  "import java.util.*;",
];
const CLASS = "class VerifyAssertion {";
const CONSTANTS = 'static final String ISSUER = "", TRUST_DOMAIN = "", JWKS_URL = "";';

/** Compiles the verifier against stand-ins for its libraries. Rejects with what the compiler says. */
async function compile(change: (text: string) => string): Promise<void> {
  const text = projectFile("examples/origins/spring/VerifyAssertion.java");
  expect(text).toContain(CLASS);
  const whole = [...IMPORTS, text.replace(CLASS, `${CLASS} ${CONSTANTS}`)].join("\n");
  const file = scratch.write("VerifyAssertion.java", change(whole));
  const standIns = join(ROOT, "test/support/origins/SpringStandIns.java");
  await run("javac", ["-proc:none", "-d", scratch.path, file, standIns]);
}

const isMissing = await run("javac", ["-version"]).then(
  () => false,
  () => true,
);

it.skipIf(isMissing)("the verifier for Spring compiles", () => compile((text) => text), 60_000);

it.skipIf(isMissing)(
  "the verifier for Spring would not compile with a call that its libraries do not have",
  async () => {
    const misspelled = compile((text) => text.replace("validateType", "validatesType"));
    await expect(misspelled).rejects.toThrow("validatesType");
  },
  60_000,
);
