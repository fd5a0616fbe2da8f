import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { InvalidEventPatternException } from './invalid';

type Family = 'ipv4' | 'ipv6';

/** The family of an address as Event Ruler reads it: no zone, no dotted quad inside IPv6. */
function family(text: string): Family | undefined {
  if (isIPv4(text)) return 'ipv4';
  return isIPv6(text) && /^[0-9a-fA-F:]+$/.test(text) ? 'ipv6' : undefined;
}

function inside(list: BlockList): (event: unknown) => boolean {
  return (event) => {
    if (typeof event !== 'string') return false;
    const kind = family(event);
    return kind !== undefined && list.check(event, kind);
  };
}

/** Matches any spelling of the IPv6 address, as exact values do; undefined if the text is not one. */
export function sameAddress(text: string): ((event: unknown) => boolean) | undefined {
  if (family(text) !== 'ipv6') return undefined;
  const list = new BlockList();
  list.addAddress(text, 'ipv6');
  return inside(list);
}

/**
 * `cidr`: addresses of a block. The widest mask is 31 bits for IPv4 and 127 for IPv6 (Event Ruler, CIDR).
 *
 * @throws InvalidEventPatternException for anything but an address, a slash and a number of bits
 */
export function cidr(operand: unknown): (event: unknown) => boolean {
  if (typeof operand !== 'string') throw new InvalidEventPatternException('prefix match pattern must be a string');
  const [address = '', mask, ...rest] = operand.split('/');
  if (!mask || rest.length > 0) throw new InvalidEventPatternException("Malformed CIDR, one '/' required");
  if (!/^[+-]?\d{1,9}$/.test(mask)) {
    throw new InvalidEventPatternException('Malformed CIDR, mask bits must be an integer');
  }
  const bits = Number(mask);
  if (bits < 0) throw new InvalidEventPatternException('Malformed CIDR, mask bits must not be negative');
  const kind = family(address);
  if (!kind) throw new InvalidEventPatternException(`Nonstandard IP address: ${address}`);
  if (kind === 'ipv4' && bits > 31) throw new InvalidEventPatternException('IPv4 mask bits must be < 32');
  if (kind === 'ipv6' && bits > 127) throw new InvalidEventPatternException('IPv6 mask bits must be < 128');
  const list = new BlockList();
  list.addSubnet(address, bits, kind);
  return inside(list);
}
