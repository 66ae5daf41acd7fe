/** All limits, with their units in their names. `DEFAULT_` marks those that `routes.json` can change. */

/** Longest path of a request, in bytes of its canonical form. A longer path is answered with 414. */
export const MAX_PATH_BYTES = 8 * 1024;
/**
 * Most segments of a path pattern, a trailing slash included. Paths of requests may have more: a pattern with `*` at
 * its end matches them. Nobody routes by the 257th segment, and the tools walk patterns segment by segment.
 */
export const MAX_PATTERN_SEGMENTS = 256;
/** Longest host name in a log line, in characters: the longest of the DNS (RFC 1035 2.3.4). */
export const MAX_LOGGED_HOST_LENGTH = 253;
/** Longest value of an unverified token in a log line, in characters. Anyone can write such a value. */
export const MAX_LOGGED_UNVERIFIED_LENGTH = 256;
/** Longest value of a verified token in a log line, in characters. */
export const MAX_LOGGED_CLAIM_LENGTH = 1_024;
/** Most audiences of a token in a log line. */
export const MAX_LOGGED_AUDIENCES = 16;
/** Longest id of Cloudflare (`cf-ray`) in a log line, in characters. Theirs have some 20. */
export const MAX_LOGGED_RAY_LENGTH = 64;
/** Longest message of an error in a log line, in characters. It may quote what a caller or an upstream wrote. */
export const MAX_LOGGED_MESSAGE_LENGTH = 1_024;
/** Longest stack of an error in a log line, in characters. */
export const MAX_LOGGED_STACK_LENGTH = 8_192;
/** Longest path in a log line, in characters. */
export const MAX_LOGGED_PATH_LENGTH = 1_024;
/** Most first lines of a client on a route, or for an entry of an MCP route, that an isolate remembers as written. */
export const MAX_FIRST_LINES = 10_000;
/** Longest names of one of them together, in characters. A line with longer names is never a first line. */
export const MAX_FIRST_LINE_KEY_LENGTH = 512;
/** Most sets of scopes that the judge of a candidate policy keeps: some 10 MB if each set has 500 scopes. */
export const MAX_SHADOW_SCOPE_SETS = 500;
/** Longest index of a data point of Analytics Engine, in bytes. */
export const MAX_METRIC_INDEX_BYTES = 96;
/** Longest text of a data point, in bytes: all seven stay within the 16 KB that Analytics Engine takes. */
export const MAX_METRIC_BLOB_BYTES = 2_000;
/** Longest text of a client certificate, in characters. Cloudflare leaves out longer ones. */
export const MAX_CERTIFICATE_LENGTH = 10 * 1024 + 2;
/** Longest bearer token, in bytes. */
export const MAX_TOKEN_BYTES = 16 * 1024;
/** Longest DPoP proof, in bytes. A proof with an RSA key of 8192 bits has some 4 KB. */
export const MAX_PROOF_BYTES = 8 * 1024;
/** Default and longest `maxAgeSeconds` of DPoP proofs. */
export const DEFAULT_PROOF_AGE_SECONDS = 60;
export const MAX_PROOF_AGE_SECONDS = 600;
/** Default and longest `everySeconds` of the nonces of DPoP proofs. */
export const DEFAULT_NONCE_SECONDS = 60;
export const MAX_NONCE_SECONDS = 3_600;
/** Shortest secret that nonces are made with, in characters. Those who see a nonce could guess a short one offline. */
export const MIN_NONCE_SECRET_LENGTH = 32;
/** Longest `jti` of a DPoP proof, in characters. */
export const MAX_PROOF_ID_LENGTH = 256;
/** When a request may be sent again after the memory of used proofs could not be reached. */
export const REPLAY_RETRY_AFTER_SECONDS = 1;
/** Most DPoP proofs that one isolate remembers against replay: some 8 MB if every `jti` is as long as it may be. */
export const MAX_REMEMBERED_PROOFS = 20_000;
/** Most keys of DPoP proofs that one isolate keeps imported: some 3 MB if every header is as long as it may be. */
export const MAX_REMEMBERED_PROOF_KEYS = 1_000;
/** Longest header of a proof whose key is kept, in characters. With an RSA key of 8192 bits it has some 2,000. */
export const MAX_REMEMBERED_PROOF_HEADER_LENGTH = 2_048;
/** How long a request waits for the Durable Object that remembers proofs for all isolates. */
export const REPLAY_TIMEOUT_MS = 1_000;
/** How many first characters of a key's thumbprint name its object: two of base64url make 4096 objects. */
export const REPLAY_SHARD_CHARACTERS = 2;
/** Most proofs that one of these objects keeps: some 150 MB if every `jti` is as long as it may be. */
export const MAX_GUARDED_PROOFS = 400_000;
/** Most of them of one key: at the default age of 60 seconds, some 800 requests a second for minutes. */
export const MAX_GUARDED_PROOFS_PER_KEY = 100_000;
/** How long an object keeps a proof after its time. The clocks of isolate and object may differ by as much. */
export const REPLAY_CLOCK_SKEW_SECONDS = 60;
/** How often an object removes proofs whose time is over, and how often at most while it is full. */
export const REPLAY_SWEEP_SECONDS = 120;
export const FULL_REPLAY_SWEEP_SECONDS = 10;

/**
 * Most levels of objects and arrays in JSON from outside that is written as JSON again, such as a claim or a record of
 * KV. Writing recurses: a token of 16 KiB can nest 6,000 arrays, which would exhaust the stack.
 */
export const MAX_JSON_NESTING = 64;

/**
 * Longest `scope` of a challenge, in bytes. Clients accept some 16 KB of headers (Node: 16 KiB), and drop the answer if
 * there are more.
 */
export const MAX_CHALLENGE_SCOPE_BYTES = 8_000;

/** Most keys that are tried for one token, if several share its `kid` and fit its algorithm. */
export const MAX_KEYS_TRIED = 4;
/** Shortest RSA modulus that is accepted (RFC 7518 3.3), in bits. */
export const MIN_RSA_BITS = 2048;
/** Smallest RSA public exponent that is accepted. */
export const MIN_RSA_EXPONENT = 3;
/** Longest RSA modulus that is accepted, in bits. The cost of a verification grows with its square. */
export const MAX_RSA_BITS = 8192;
/** Longest RSA public exponent that is accepted, in bytes. workerd accepts none longer. */
export const MAX_RSA_EXPONENT_BYTES = 4;
/** Longest `kid` of a key, in UTF-16 code units. */
export const MAX_KID_LENGTH = 1024;

/** Largest key set an issuer may send, in bytes. */
export const MAX_JWKS_BYTES = 64 * 1024;
/**
 * Most keys of one key set that are imported: about 64 KiB of small ones, and far more than issuers publish. Each costs
 * up to 0.3 ms of CPU time, once.
 */
export const MAX_KEYS_OF_SET = 512;
/** Most keys that stay in use although the issuer's latest answer lacks them: about 64 KiB of small keys. */
export const MAX_RETAINED_KEYS = 512;
/** Most `kid`s of unusable keys that are remembered with a key set. */
export const MAX_SKIPPED_KIDS = 512;
/** Longest entity tag that is kept, in characters: it is sent back in a header. */
export const MAX_ENTITY_TAG_LENGTH = 256;
/** How long a read of the key-set record from KV may take. */
export const KV_READ_TIMEOUT_MS = 500;
/** How long a location may answer from its own copy of the record. KV allows no shorter time. */
export const KV_CACHE_SECONDS = 30;
/** How old the result of a KV read can be: 60 seconds until a write has spread, and the time that a location caches. */
export const KV_LAG_SECONDS = 60 + KV_CACHE_SECONDS;
/** An unchanged key set is written to KV again when the record is older than this share of `refreshAfterSeconds`. */
export const KV_REWRITE_AGE_SHARE = 0.25;
/** Shortest `expirationTtl` that KV accepts. */
export const MIN_KV_TTL_SECONDS = 60;
/** How often a waiting request checks whether the work of another request has settled. */
export const COLD_POLL_MS = 20;
/** How often an isolate without keys reads KV again while it waits to ask a failed issuer. */
export const COLD_KV_RETRY_MS = 1_000;
/** Time for importing keys, beyond the time limits of KV and issuer, until a fetch counts as abandoned. */
export const SINGLE_FLIGHT_GRACE_MS = 250;
/** Shortest time between lookups of unknown `kid`s. It doubles with each lookup in vain, up to `cooldownSeconds`. */
export const FIRST_KID_LOOKUP_GAP_MS = 5_000;
/** After so many cooldowns in which nobody sent an unknown `kid`, the gap between two lookups is the shortest again. */
export const QUIET_COOLDOWNS = 2;
/** Most skipped keys of one key set that are logged. */
export const MAX_LOGGED_SKIPPED_KEYS = 16;
/** Longest `kid` in a log line, in characters. */
export const MAX_LOGGED_KID_LENGTH = 64;

/** Largest list of revocations, in bytes: the largest value that KV takes. */
export const MAX_REVOCATIONS_BYTES = 25 * 1024 * 1024;
/** Longest value of a revocation, in UTF-16 code units: no longer one is in a token. */
export const MAX_REVOKED_VALUE_LENGTH = MAX_TOKEN_BYTES;
/** Latest time of a revocation, in seconds since the epoch: the end of the year 9999. Milliseconds are later. */
export const MAX_REVOCATION_SECONDS = 253_402_300_799;
/** A list of revocations is read in the background when it is older than this share of `refreshSeconds`. */
export const REVOCATIONS_AHEAD_SHARE = 0.75;
/** How long an isolate waits after a read of the list failed, before it reads again. */
export const REVOCATIONS_RETRY_MS = 1_000;
/** Largest `limit` of a rate limit. No Worker gets that many requests in a minute. */
export const MAX_RATE_LIMIT = 1_000_000_000;
/** How long a rate limiting binding may take. Cloudflare's counts in memory, so it answers at once or is broken. */
export const RATE_LIMIT_TIMEOUT_MS = 250;
/** `Retry-After` of a request that could not be counted, in seconds. */
export const RATE_LIMIT_RETRY_AFTER_SECONDS = 5;
/** Longest `refreshSeconds` of `revocation`. */
export const MAX_REVOCATION_REFRESH_SECONDS = 60 * 60;
/** Defaults of `revocation` in `routes.json`. */
export const DEFAULT_REVOCATION_REFRESH_SECONDS = 30;
export const DEFAULT_REVOCATION_MAX_STALE_SECONDS = 600;

/** Most verified tokens that one isolate remembers. */
export const MAX_CACHED_TOKENS = 10_000;
/**
 * Most bytes that the tokens an isolate remembers keep in memory, by estimate: a fifth of the 128 MB of an isolate, and
 * enough for 10,000 usual tokens.
 */
export const MAX_CACHED_TOKEN_BYTES = 24 * 1024 * 1024;
/** Longest time that a verified token is remembered. */
export const MAX_CACHED_TOKEN_AGE_MS = 5 * 60 * 1000;

/** Defaults of an issuer in `routes.json`. */
export const DEFAULT_CLOCK_TOLERANCE_SECONDS = 5;
export const DEFAULT_REFRESH_AFTER_SECONDS = 600;
export const DEFAULT_MAX_STALE_SECONDS = 86_400;
export const DEFAULT_COOLDOWN_SECONDS = 30;
export const DEFAULT_PUBLICATION_LAG_SECONDS = 60;
export const DEFAULT_ISSUER_TIMEOUT_MS = 3_000;

/** Default of an upstream: how long its response headers may take. */
export const DEFAULT_UPSTREAM_TIMEOUT_MS = 10_000;
/**
 * How long an isolate uses a secret of a Secrets Store before it reads it again. A new value then counts everywhere.
 */
export const STORED_SECRET_AGE_MS = 60_000;
/** How long one read of a Secrets Store may take. */
export const STORED_SECRET_TIMEOUT_MS = 2_000;

/** Default and longest `ttlSeconds` of an assertion. */
export const DEFAULT_ASSERTION_TTL_SECONDS = 60;
export const MAX_ASSERTION_TTL_SECONDS = 300;
/** Most keys in the secret that signs assertions: an old one, a new one, and room for mistakes. */
export const MAX_ASSERTION_KEYS = 16;
/**
 * How long caches of HTTP may keep the public keys of assertions. Verifiers keep them for a while besides, so a new key
 * is published for longer before it signs.
 */
export const ASSERTION_JWKS_MAX_AGE_SECONDS = 300;
/** Most bytes of signed assertions that an isolate keeps for reuse: some 3,000 usual ones. */
export const MAX_KEPT_ASSERTION_BYTES = 4 * 1024 * 1024;

/**
 * Default, smallest and largest `maxBodyBytes` of an MCP route. A message is read whole before it is decided: an
 * isolate has 128 MB for all its requests. Servers that are built with the official SDK take no more than 4 MiB.
 */
export const DEFAULT_MCP_BODY_BYTES = 256 * 1024;
export const MIN_MCP_BODY_BYTES = 1024;
export const MAX_MCP_BODY_BYTES = 4 * 1024 * 1024;

/** Default `maxAgeSeconds` of a preflight answer. */
export const DEFAULT_CORS_MAX_AGE_SECONDS = 600;

/**
 * Most objects and arrays of `routes.json` inside one another, and most groups of one requirement: far more than
 * anybody writes, far less than exhausts the stack of the functions that read a policy recursively.
 */
export const MAX_POLICY_NESTING = 64;
export const MAX_NESTED_GROUPS = 31;
/**
 * Most pairs of a scope and a scope that it implies, directly or through others. A chain of a thousand scopes has as
 * many; one of ten thousand would have a hundred times more, which fills the memory of the tools and of the Worker.
 */
export const MAX_IMPLICATIONS = 500_000;
/**
 * Most comparisons of undeclared scopes with declared ones, for suggestions: a second or two of CPU time. Faults that
 * are found after that many have no suggestion.
 */
export const MAX_NAME_COMPARISONS = 500_000;
/** Longest time limit in `routes.json`. No caller waits longer, and a timer of more than 2^31 ms would fire at once. */
export const MAX_TIMEOUT_MS = 10 * 60 * 1000;
/** Longest `acr_values` of a challenge, in characters. Servers and clients refuse answers with too long headers. */
export const MAX_ACR_VALUES_LENGTH = 1_024;
/** Longest duration in `routes.json`: a year, which KV and browsers accept. */
export const MAX_DURATION_SECONDS = 365 * 24 * 60 * 60;

/** Longest `publicationLagSeconds`: as long as most tokens live. A value in milliseconds is a fault. */
export const MAX_PUBLICATION_LAG_SECONDS = 60 * 60;

/** Most header names of callers for which the filter remembers its answer, and the longest such name in characters. */
export const MAX_REMEMBERED_HEADER_NAMES = 1_000;
export const MAX_REMEMBERED_HEADER_NAME_LENGTH = 64;
/** Most bytes of a key-set record besides its keys: version, time and entity tag. */
export const MAX_RECORD_ENVELOPE_BYTES = 1024;

/**
 * Most steps for following combinations of path patterns. Each can be a change of its own, so that this also bounds
 * memory: some 500 MB. The steps along the patterns themselves do not count.
 */
export const MAX_PATH_STEPS = 500_000;
/** Most paths below a `*` that the search for looser siblings tries: a few hundred milliseconds. */
export const MAX_SIBLING_STEPS = 200_000;
/**
 * Most segments of one path that conditions may look at where the upstream takes path parameters or encoded slashes:
 * the tools then try each combination of these segments.
 */
export const MAX_COMPARED_SEGMENTS = 8;
/** Most choices that one comparison of two scope formulas tries. */
export const MAX_FORMULA_STEPS = 100_000;
/** Most scope sets that the search for the smallest ones compares with one another. */
export const MAX_SCOPE_SETS = 4_096;
/** Most scopes in all sets of such a list. */
export const MAX_LISTED_SCOPES = 1_000_000;

/** Largest file of an OpenAPI document, in bytes. The largest public descriptions have some 30 MB. */
export const MAX_DOCUMENT_FILE_BYTES = 32 * 1024 * 1024;
/** Most bytes of all files of an OpenAPI document together. */
export const MAX_DOCUMENT_BYTES = 64 * 1024 * 1024;
/** Most files of an OpenAPI document. */
export const MAX_DOCUMENT_FILES = 10_000;
/**
 * Most objects and arrays inside one another in a document or template, far more than any has. What reads such values
 * compares them and writes them as JSON, which recurses.
 */
export const MAX_DOCUMENT_NESTING = 256;
/** Most values in one YAML file, with every alias and merge key written out. */
export const MAX_YAML_VALUES = 4_000_000;
/** Most operations, security alternatives and scopes of an OpenAPI document together. */
export const MAX_DOCUMENT_ENTRIES = 200_000;
/** Most references that lead from one to the next. */
export const MAX_REFERENCE_HOPS = 32;

/** Longest `name` of a client, in UTF-16 code units. AWS Cognito has names of at most 128 characters. */
export const MAX_CLIENT_NAME_LENGTH = 128;

/** Most routes times clients that `scopegate matrix` shows: JSON has some 30 bytes for each, and fits into one text. */
export const MAX_MATRIX_CELLS = 10_000_000;

/** Largest metadata document that an issuer may send to the command line, in bytes. */
export const MAX_ISSUER_METADATA_BYTES = 64 * 1024;
/** How long one metadata document may take. */
export const ISSUER_METADATA_TIMEOUT_MS = 5_000;
/** Most values of a template in YAML, with its aliases written out: ten times what CloudFormation's 1 MB can hold. */
export const MAX_TEMPLATE_VALUES = 1_000_000;
/** How long a deployed gateway may take for one answer to the command line. It may have to fetch keys first. */
export const GATEWAY_ANSWER_TIMEOUT_MS = 15_000;
/** Largest answer of a deployed gateway that the command line reads, in bytes. */
export const MAX_GATEWAY_ANSWER_BYTES = 1024 * 1024;
/** Most commits of a policy's file that are searched for the deployed one. */
export const MAX_COMMITS_SEARCHED = 200;
/** How long `scopegate release` waits for the new policy to answer. Cloudflare takes seconds. */
export const RELEASE_WAIT_MS = 120_000;
/** How often it asks meanwhile. */
export const RELEASE_POLL_MS = 2_000;
