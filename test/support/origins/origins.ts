import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawnInGroup } from "../cli/process-groups.ts";
import { ROOT } from "../project/project-files.ts";

/** The three values that every verifier of `examples/origins/` takes. */
export interface OriginSettings {
  readonly issuer: string;
  readonly trustDomain: string;
  readonly jwksUrl: string;
}

/** A service behind a verifier. It answers each verified request with `{ "subject": ... }`. */
export interface OriginKind {
  readonly name: string;
  /** The verifier, from the root. */
  readonly file: string;
  /** Why it cannot run on this machine; `undefined`: it can. */
  readonly lack: string | undefined;
  readonly command: readonly [program: string, ...args: string[]];
  readonly env?: Readonly<Record<string, string>>;
}

/** Debian's own Python has the packages of Debian; another one of the PATH may not. */
const PYTHON = "/usr/bin/python3";
const GO_PACKAGES = "/usr/share/gocode";
const SERVERS = import.meta.dirname;

/** The origins of all verifiers that a test can run. Builds the one in Go, if there is a compiler. */
export function originKinds(): readonly OriginKind[] {
  const go = buildGo();
  const node = (name: string, file: string, server: string): OriginKind => ({
    name,
    file: `examples/origins/${file}`,
    lack: undefined,
    command: [process.execPath, join(SERVERS, server)],
  });
  return [
    node("Express", "express/verify-assertion.js", "express-server.mjs"),
    node("Fastify", "fastify/verify-assertion.js", "fastify-server.mjs"),
    node("Hono", "hono/verify-assertion.ts", "hono-server.mjs"),
    {
      name: "Python",
      file: "examples/origins/python/verify_assertion.py",
      lack: succeeds(PYTHON, ["-c", "import jwt.api_jwk, cryptography, uvicorn"])
        ? undefined
        : "Install python3-jwt, python3-cryptography and python3-uvicorn.",
      command: [PYTHON, join(SERVERS, "python_server.py")],
    },
    {
      name: "Go",
      file: "examples/origins/go/verify_assertion.go",
      lack: typeof go === "string" ? undefined : go.lack,
      command: [typeof go === "string" ? go : ""],
    },
  ];
}

/** Starts an origin on a free port of loopback, and resolves with its own origin. It ends with the test file. */
export async function startOrigin({ name, command, env }: OriginKind, settings: OriginSettings): Promise<string> {
  const [program, ...args] = command;
  const child = spawnInGroup(program, args, {
    cwd: ROOT,
    env: { ...process.env, ...env, ORIGIN_SETTINGS: JSON.stringify(settings) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const errors: string[] = [];
  child.stderr?.setEncoding("utf8").on("data", (text: string) => errors.push(text));
  const stdout = child.stdout?.setEncoding("utf8");
  if (stdout === undefined) throw new Error("The origin has no standard output.");
  const line = await Promise.race([
    once(stdout, "data").then(([text]) => String(text).trim()),
    once(child, "exit").then(() => undefined),
  ]);
  if (line === undefined) throw new Error(`The origin in ${name} ended: ${errors.join("")}`);
  return line;
}

/**
 * Compiles the verifier in Go with its server. Debian has version 4 of golang-jwt, without the suffix in its path. What
 * the verifier uses of it is the same in version 5, so the test replaces the path alone.
 */
function buildGo(): string | { readonly lack: string } {
  const library = join(GO_PACKAGES, "src/github.com/golang-jwt/jwt");
  if (!succeeds("go", ["version"]) || !succeeds("test", ["-d", library])) {
    return { lack: "Install golang-go and golang-github-golang-jwt-jwt-dev." };
  }
  const folder = mkdtempSync(join(tmpdir(), "scopegate-origin-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const sources = join(folder, "src/origin");
  mkdirSync(sources, { recursive: true });
  cpSync(library, join(folder, "src/github.com/golang-jwt/jwt"), { recursive: true, dereference: true });
  for (const path of [join(ROOT, "examples/origins/go/verify_assertion.go"), join(SERVERS, "go_server.go")]) {
    const text = readFileSync(path, "utf8").replace("github.com/golang-jwt/jwt/v5", "github.com/golang-jwt/jwt");
    writeFileSync(join(sources, path.slice(path.lastIndexOf("/") + 1)), text);
  }
  const built = spawnSync("go", ["build", "-o", join(folder, "origin"), "origin"], {
    env: { ...process.env, GO111MODULE: "off", GOPATH: folder, GOFLAGS: "", CGO_ENABLED: "0" },
    encoding: "utf8",
  });
  if (built.status !== 0) throw new Error(`The verifier in Go does not compile: ${built.stderr}`);
  return join(folder, "origin");
}

function succeeds(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: "ignore" }).status === 0;
}
