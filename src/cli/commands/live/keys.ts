import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { parseSigningKeys } from "../../../assertion/signing-keys.ts";
import { newSigningKey } from "../../../local/plan/signing-key.ts";
import { putSecret } from "../../../policy/settings/put-secret.ts";
import { ASSERTION_ALGORITHMS } from "../../../policy/upstream.ts";
import { defineCommand } from "../../args/command.ts";
import { EXIT, InputError, UsageError } from "../../args/exit-code.ts";
import { unreadableFile } from "../../args/unreadable-file.ts";
import { printLines } from "../../print/print-lines.ts";

/** A key of a set. `parseSigningKeys` has checked the other members. */
type Key = Readonly<Record<string, unknown>> & { readonly kid: string };

export default defineCommand({
  name: "keys",
  summary:
    "Make the private JWK Set that signs assertions, or change one for a rotation. Prints the set: pipe it into " +
    `\`${putSecret("NAME")}\`.`,
  options: {
    from: {
      type: "string",
      valueHint: "file",
      description: 'The set to change, "-" for stdin. A new key is added at its end. Default: a set with one new key.',
    },
    algorithm: {
      type: "string",
      choices: ASSERTION_ALGORITHMS,
      default: "ES256",
      description: "What the new key is for.",
    },
    first: {
      type: "string",
      valueHint: "kid",
      description: "Add no key: move this one to the front, so that it signs.",
    },
    remove: { type: "string", valueHint: "kid", description: "Add no key: remove this one." },
    public: { type: "boolean", description: "Add no key: print the public halves only." },
  },
  positionals: {},
  examples: [
    "> keys.json",
    "--from keys.json > new-keys.json",
    "--from new-keys.json --first 2027-01-31-1f2e3d4c | npx wrangler secret put ASSERTION_KEYS --env production",
    "--from new-keys.json --public",
  ],
  run({ from, algorithm, first, remove, public: isPublic }) {
    const changes = [first !== undefined, remove !== undefined, isPublic].filter(Boolean).length;
    if (changes > 1) throw new UsageError("Give one of --first, --remove and --public.");
    if (changes > 0 && from === undefined)
      throw new UsageError("--first, --remove and --public are for a set: give --from.");
    const known = from === undefined ? [] : readSet(from);
    const named = first ?? remove;
    if (named !== undefined && !known.some(({ kid }) => kid === named)) {
      throw new InputError(`${from}: There is no key ${named}. Known: ${known.map(({ kid }) => kid).join(", ")}.`);
    }
    if (isPublic) {
      printSet(publicHalves(known));
      return EXIT.fine;
    }
    const others = known.filter(({ kid }) => kid !== named);
    if (remove !== undefined && others.length === 0) throw new InputError(`${from}: This is the only key of the set.`);
    if (first !== undefined) printSet([...known.filter(({ kid }) => kid === first), ...others]);
    else if (remove !== undefined) printSet(others);
    else printSet([...known, newSigningKey(algorithm, newKid(new Date()))]);
    return EXIT.fine;
  },
});

/** The day, so that people see how old a key is, and a random part, because a `kid` must not come twice. */
function newKid(now: Date): string {
  return `${now.toISOString().slice(0, 10)}-${randomBytes(4).toString("hex")}`;
}

function readSet(file: string): readonly Key[] {
  let text: string;
  try {
    text = readFileSync(file === "-" ? 0 : file, "utf8");
  } catch (error) {
    throw unreadableFile(file, error);
  }
  // Neither message repeats the text: it is a secret.
  const [one, other] = ASSERTION_ALGORITHMS.map((algorithm) => parseSigningKeys(text, algorithm));
  if (one?.ok || other?.ok) return JSON.parse(text).keys;
  const failures = [one, other].flatMap((parsed) => (parsed?.ok === false ? [parsed.failure] : []));
  throw new InputError(`${file}: The set ${failures[0]}`);
}

function publicHalves(keys: readonly Key[]): readonly Key[] {
  return keys.map(({ d: _, key_ops: __, ...key }) => key as Key);
}

function printSet(keys: readonly object[]): void {
  printLines([JSON.stringify({ keys })]);
}
