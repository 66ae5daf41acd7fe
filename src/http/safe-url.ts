import { type FaultText, fault, type Result, success } from "../result.ts";

/**
 * Parses an absolute URL over which tokens or keys may travel: https, or http on loopback, without a user name or
 * password. The texts of a failure never repeat the URL, because it may contain a secret. Whether the host exists or
 * answers is not checked.
 *
 * @param options.allowHttp whether http may lead to any host, because something else protects the way there; default:
 * no
 */
export function parseSafeUrl(text: string, { allowHttp = false } = {}): Result<URL, FaultText> {
  const url = URL.parse(text);
  if (url === null) return fault("This is not an absolute URL.", "Start it with a scheme, as in https://api.example.");
  if (url.username !== "" || url.password !== "") {
    return fault("The URL contains a user name or password.", "Remove them from the URL.");
  }
  if (url.protocol === "https:") return success(url);
  if (url.protocol === "http:" && (allowHttp || isLoopback(url.hostname))) return success(url);
  if (allowHttp) return fault("The URL is neither https nor http.", "Start it with https:// or http://.");
  return fault(
    "The URL is neither https nor http on loopback.",
    "Use https, so that nobody can read or alter the traffic.",
  );
}

/**
 * Whether a host is this machine. `hostname` is that of a `URL`, which folds all spellings of an IP address into one.
 */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
