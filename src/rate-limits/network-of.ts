/**
 * The network that an IP address counts as: an IPv4 address is its own, and an IPv6 address counts as its first 64
 * bits, because one household or server has all addresses behind them. An IPv4 address that is mapped into IPv6 counts
 * as IPv4. Any other text is returned as it is.
 *
 * @param address as Cloudflare writes it in `CF-Connecting-IP`
 */
export function networkOf(address: string): string {
  if (!address.includes(":")) return address;
  // The URL parser writes each address in one way only (RFC 5952), and no dots.
  const written = URL.parse(`http://[${address}]`)?.hostname.slice(1, -1);
  if (written === undefined) return address;
  const mapped = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(written);
  if (mapped) return mapped.slice(1).flatMap(bytesOf).join(".");
  const [before = "", after] = written.split("::");
  const groups = before === "" ? [] : before.split(":");
  if (after !== undefined) {
    const behind = after === "" ? 0 : after.split(":").length;
    // `::` stands for zeros, and what follows it is at the end.
    groups.push(...Array.from({ length: 8 - groups.length - behind }, () => "0"), ...after.split(":").slice(0, behind));
  }
  return `${groups.slice(0, 4).join(":")}::/64`;
}

function bytesOf(group: string): readonly number[] {
  const value = Number.parseInt(group, 16);
  return [value >> 8, value & 255];
}
