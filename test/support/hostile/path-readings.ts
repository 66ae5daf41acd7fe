/** What servers commonly do to a path before they look up a handler. They may also ignore case. */
const STEPS: readonly ((path: string) => string)[] = [
  decodeEscapes,
  (path) => path.replaceAll("\\", "/"),
  (path) => path.replace(/;[^/]*/g, ""),
  (path) => path.replace(/\/{2,}/g, "/"),
  removeDotSegments,
  // C code ends a string there.
  (path) => path.replace(/\0.*$/s, ""),
];

const lowerCase = (path: string): string => path.toLowerCase();

/** No test input has nearly as many readings. The bound is needed because steps may undo each other. */
const MAX_READINGS = 2_000;

/**
 * Every path that a common server may read a request target as: the target, and every result of decoding it any number
 * of times, cutting parameters, merging slashes, removing dot segments, reading backslashes as slashes, and ignoring
 * case, in any order. This follows what servers do, not what the gateway refuses.
 */
export function pathReadings(target: string, options: { readonly ignoringCase: boolean }): ReadonlySet<string> {
  const steps = options.ignoringCase ? [...STEPS, lowerCase] : STEPS;
  const readings = new Set([target.replace(/[?#].*$/s, "")]);
  for (const reading of readings) {
    for (const step of steps) readings.add(step(reading));
    if (readings.size > MAX_READINGS) throw new Error(`${target} can be read in too many ways.`);
  }
  return readings;
}

/** Decodes once. Bytes that are not UTF-8 are read as Latin-1, and malformed escapes stay. */
function decodeEscapes(path: string): string {
  return path.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes.replace(/%(..)/g, (_escape, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
    }
  });
}

/** RFC 3986 5.2.4, with empty segments kept. */
function removeDotSegments(path: string): string {
  const kept: string[] = [];
  const segments = path.split("/");
  for (const [index, segment] of segments.entries()) {
    const isLast = index === segments.length - 1;
    if (segment === "..") kept.splice(Math.max(1, kept.length - 1));
    else if (segment !== ".") kept.push(segment);
    if (isLast && (segment === "." || segment === "..")) kept.push("");
  }
  return kept.join("/");
}
