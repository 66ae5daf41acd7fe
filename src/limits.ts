/** Every number that bounds something, with its unit in its name. Configurable ones are defaults of `routes.json`. */

/** Longest path of a request, in bytes of its canonical form; longer ones are a 414. */
export const MAX_PATH_BYTES = 8 * 1024;
/** Longest bearer token, in bytes. */
export const MAX_TOKEN_BYTES = 16 * 1024;

/** How many keys that share a `kid` and fit the token are tried. */
export const MAX_KEYS_TRIED = 4;
/** Shortest RSA modulus that is accepted (RFC 7518 3.3), in bits. */
export const MIN_RSA_BITS = 2048;
/** Smallest RSA public exponent that is accepted. */
export const MIN_RSA_EXPONENT = 3;
/** Longest RSA modulus that is accepted, in bits: what a verification costs grows with its square. */
export const MAX_RSA_BITS = 8192;
/** Longest RSA public exponent that is accepted, in bytes: workerd takes no longer one. */
export const MAX_RSA_EXPONENT_BYTES = 4;
/** Longest `kid` of a key, in UTF-16 code units. */
export const MAX_KID_LENGTH = 1024;

/** Largest key set an issuer may send, in bytes. */
export const MAX_JWKS_BYTES = 64 * 1024;
/** Most keys that still count although the issuer's latest answer lacks them; some 64 KiB of small ones. */
export const MAX_RETAINED_KEYS = 512;
/** Most `kid`s of unusable keys that are remembered with a key set. */
export const MAX_SKIPPED_KIDS = 512;
/** Longest entity tag that is kept, in characters: it is sent back in a header. */
export const MAX_ENTITY_TAG_LENGTH = 256;
/** How long a read of the key-set record from KV may take. */
export const KV_READ_TIMEOUT_MS = 500;
/** How long a location may answer from its own copy of the record; KV allows no less. */
export const KV_CACHE_SECONDS = 30;
/** How far a read of KV may be behind a write: 60 to propagate, and what the location caches. */
export const KV_LAG_SECONDS = 60 + KV_CACHE_SECONDS;
/** An unchanged key set is written to KV again when the record is older than this share of `refreshAfterSeconds`. */
export const KV_REWRITE_AGE_SHARE = 0.25;
/** Shortest `expirationTtl` that KV accepts. */
export const MIN_KV_TTL_SECONDS = 60;
/** How often a waiting request checks whether the work of another request has settled. */
export const COLD_POLL_MS = 20;
/** While a failed issuer is left alone, how often an isolate without keys reads KV. */
export const COLD_KV_RETRY_MS = 1_000;
/** What importing keys may add to the time limits of KV and the issuer before a fetch counts as abandoned. */
export const SINGLE_FLIGHT_GRACE_MS = 250;
/** Most skipped keys of one key set that are logged. */
export const MAX_LOGGED_SKIPPED_KEYS = 16;
/** Longest `kid` in a log line, in characters. */
export const MAX_LOGGED_KID_LENGTH = 64;

/** Most tokens whose verification is remembered by one isolate. */
export const MAX_CACHED_TOKENS = 10_000;
/** Most bytes of token text that one isolate remembers. */
export const MAX_CACHED_TOKEN_BYTES = 8 * 1024 * 1024;
/** Longest time a verification is remembered. */
export const MAX_CACHED_TOKEN_AGE_MS = 5 * 60 * 1000;

/** Defaults of an issuer in `routes.json`. */
export const DEFAULT_CLOCK_TOLERANCE_SECONDS = 5;
export const DEFAULT_REFRESH_AFTER_SECONDS = 600;
export const DEFAULT_MAX_STALE_SECONDS = 86_400;
export const DEFAULT_COOLDOWN_SECONDS = 30;
export const DEFAULT_ISSUER_TIMEOUT_MS = 3_000;

/** Default of an upstream: how long its response headers may take. */
export const DEFAULT_UPSTREAM_TIMEOUT_MS = 10_000;

/** Default `maxAgeSeconds` of a preflight answer. */
export const DEFAULT_CORS_MAX_AGE_SECONDS = 600;

/** How deep `routes.json` may be nested: far more than any requirement needs, far less than would exhaust the stack. */
export const MAX_POLICY_NESTING = 64;
/** Longest time limit that `routes.json` may set: a timer beyond 2^31 ms fires at once, and no caller waits this long. */
export const MAX_TIMEOUT_MS = 10 * 60 * 1000;
/** Longest duration in seconds that `routes.json` may set: a year, well within what KV and browsers take. */
export const MAX_DURATION_SECONDS = 365 * 24 * 60 * 60;

/** How many distinct header names of callers are remembered as dropped or not, and how long ones. */
export const MAX_REMEMBERED_HEADER_NAMES = 1_000;
export const MAX_REMEMBERED_HEADER_NAME_LENGTH = 64;
/** What a key-set record may hold around its keys, in bytes: version, time and entity tag. */
export const MAX_RECORD_ENVELOPE_BYTES = 1024;

/** How many steps merging path patterns into classes may take: ten times what 10,000 usual routes need. */
export const MAX_PATH_STEPS = 500_000;
/** How many choices are tried in one comparison of two scope formulas. */
export const MAX_FORMULA_STEPS = 100_000;
/** How many scope sets are looked at on the way to the smallest ones: each is compared with each. */
export const MAX_SCOPE_SETS = 4_096;
