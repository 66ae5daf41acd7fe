import { execFile } from "node:child_process";
import { delimiter, sep } from "node:path";
import { promisify } from "node:util";

/** What a command printed. */
export interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs npm as a person would who has nothing of this repository: without its variables, and with the Node of the
 * machine, not the one that the repository brings. Rejects, with all output in the message, if npm ends with another
 * exit code than 0.
 */
export async function npm(cwd: string, ...args: readonly string[]): Promise<Output> {
  const [program, ...first] = npmCommand();
  try {
    const options = { cwd, env: environmentOutside(), maxBuffer: 16 * 1024 * 1024, encoding: "utf8" } as const;
    return await promisify(execFile)(program, [...first, ...args], options);
  } catch (error) {
    const { stdout, stderr } = error as Output;
    throw new Error(`npm ${args.join(" ")} failed:\n${stdout}\n${stderr}`, { cause: error });
  }
}

/** Windows starts npm through a shell only, so the script that npm named to its own scripts is run instead. */
function npmCommand(): [string, ...string[]] {
  const script = process.env["npm_execpath"];
  return process.platform === "win32" && script !== undefined ? [process.execPath, script] : ["npm"];
}

function environmentOutside(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(?:npm_|VITEST|NODE_OPTIONS$|INIT_CWD$|TEST$)/i.test(name),
  );
  const environment: NodeJS.ProcessEnv = Object.fromEntries(kept);
  const name = Object.keys(environment).find((it) => it.toUpperCase() === "PATH") ?? "PATH";
  const folders = (environment[name] ?? "").split(delimiter);
  environment[name] = folders.filter((folder) => !folder.split(sep).includes("node_modules")).join(delimiter);
  return { ...environment, NO_COLOR: "1" };
}
