import { createRateLimits, rateLimitFaults } from "../rate-limits/create-rate-limits.ts";

/** Routes that limit how often they are called. */
export default { faults: rateLimitFaults, create: createRateLimits };
