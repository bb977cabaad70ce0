// Read what a code and a status list are made of: base45, zlib, CBOR in its one spelling, a COSE envelope, DER.
// In: bytes or text from anyone. Out: values; a Refused with a stable reason for anything else.
// Spec: RFC 9285, RFC 1950, RFC 8949 §4.2.1, RFC 9052 §4.2. The same rules as verification/{base45,cbor,cose}.py.

export class Refused extends Error {
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

export function refuse(reason) {
  throw new Refused(reason);
}

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';
const VALUES = new Map([...ALPHABET].map((mark, value) => [mark, value]));

export function base45(text) {
  if (text.length % 3 === 1) refuse('base45');
  const found = [];
  for (let place = 0; place < text.length; place += 3) {
    const digits = [...text.slice(place, place + 3)].map((mark) => VALUES.get(mark));
    if (digits.includes(undefined)) refuse('base45');
    const word = digits.reduce((sum, digit, power) => sum + digit * 45 ** power, 0);
    if (word >= 256 ** (digits.length - 1)) refuse('base45');
    found.push(...(digits.length === 3 ? [word >> 8, word & 255] : [word]));
  }
  return new Uint8Array(found);
}

export async function inflate(data, largest) {
  const found = [];
  let size = 0;
  try {
    const reader = new Blob([data]).stream().pipeThrough(new DecompressionStream('deflate')).getReader();
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      found.push(piece.value);
      size += piece.value.length;
      if (size > largest) refuse('too-large');
    }
  } catch (error) {
    throw error instanceof Refused ? error : new Refused('zlib');
  }
  const whole = new Uint8Array(size);
  found.reduce((place, piece) => (whole.set(piece, place), place + piece.length), 0);
  if (adler(whole) !== new DataView(data.buffer, data.byteOffset + data.length - 4).getUint32(0)) refuse('zlib');
  return whole;
}

// RFC 1950 §2.2: the sum that ends a stream; some engines overlook what stands behind it.
function adler(data) {
  let [one, two] = [1, 0];
  for (const byte of data) {
    one = (one + byte) % 65521;
    two = (two + one) % 65521;
  }
  return two * 65536 + one;
}

const SIMPLES = new Map([[20, false], [21, true], [22, null]]);
const SIZES = new Map([[24, 1], [25, 2], [26, 4], [27, 8]]);

export function cbor(data) {
  const [value, end] = item(data, 0, 8);
  if (end !== data.length) refuse('trailing-bytes');
  return value;
}

function head(data, start) {
  if (start >= data.length) refuse('cut-short');
  const kind = data[start] >> 5;
  const number = data[start] & 31;
  if (number < 24) return [kind, number, start + 1];
  const size = SIZES.get(number);
  if (size === undefined) refuse('indefinite');
  const end = start + 1 + size;
  if (end > data.length) refuse('cut-short');
  const value = data.slice(start + 1, end).reduce((sum, byte) => sum * 256 + byte, 0);
  if (value < 24 || (size > 1 && value < 2 ** (4 * size))) refuse('longer-than-needed');
  if (!Number.isSafeInteger(value)) refuse('number');
  return [kind, value, end];
}

function item(data, start, depth) {
  const [kind, number, begin] = head(data, start);
  if (kind === 0) return [number, begin];
  if (kind === 1) return [-1 - number, begin];
  if (kind === 2 || kind === 3) return string(data, kind, begin, begin + number);
  if (kind === 7) {
    if (!SIMPLES.has(number) || begin !== start + 1) refuse('simple');
    return [SIMPLES.get(number), begin];
  }
  if (depth === 0) refuse('too-deep');
  if (kind === 6) return tagged(data, number, begin, depth);
  if (number > data.length - begin) refuse('cut-short');
  return kind === 4 ? list(data, number, begin, depth) : map(data, number, begin, depth);
}

function string(data, kind, begin, end) {
  if (end > data.length) refuse('cut-short');
  const found = data.slice(begin, end);
  if (kind === 2) return [found, end];
  try {
    return [new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(found), end];
  } catch {
    return refuse('not-utf8');
  }
}

function tagged(data, number, begin, depth) {
  const [inner, end] = item(data, begin, depth - 1);
  if (number !== 18 || !Array.isArray(inner)) refuse('tag');
  return [{ signed: inner }, end];
}

function list(data, number, begin, depth) {
  const found = [];
  let place = begin;
  for (let count = 0; count < number; count += 1) {
    const [inner, end] = item(data, place, depth - 1);
    found.push(inner);
    place = end;
  }
  return [found, place];
}

function map(data, number, begin, depth) {
  const found = new Map();
  let place = begin;
  let before = new Uint8Array();
  for (let count = 0; count < number; count += 1) {
    const [key, end] = item(data, place, 0);
    if (typeof key !== 'number' && typeof key !== 'string') refuse('key');
    const written = data.slice(place, end);
    if (compare(written, before) <= 0) refuse('key-order');
    before = written;
    const [inner, next] = item(data, end, depth - 1);
    found.set(key, inner);
    place = next;
  }
  return [found, place];
}

function compare(one, other) {
  for (let place = 0; place < Math.min(one.length, other.length); place += 1) {
    if (one[place] !== other[place]) return one[place] - other[place];
  }
  return one.length - other.length;
}

export function same(one, other) {
  return one.length === other.length && compare(one, other) === 0;
}

const CONTEXT = [0x84, 0x6a, ...new TextEncoder().encode('Signature1')];

export function envelope(data, type) {
  const found = cbor(data);
  const [outer, open, payload, signature] = found?.signed ?? [];
  const bytes = [outer, payload, signature].every((part) => part instanceof Uint8Array);
  if (!bytes || found.signed.length !== 4 || !(open instanceof Map) || open.size) refuse('not-an-envelope');
  const said = cbor(outer);
  const kid = said instanceof Map ? said.get(4) : undefined;
  if (!(kid instanceof Uint8Array) || kid.length !== 8) refuse('key-id');
  const wanted = type === undefined ? 2 : 3;
  if (said.size !== wanted || said.get(1) !== -7 || said.get(16) !== type) refuse('header');
  if (signature.length !== 64) refuse('signature-length');
  const signed = new Uint8Array([...CONTEXT, ...bytestring(outer), 0x40, ...bytestring(payload)]);
  return { kid, payload, signed, signature };
}

function bytestring(data) {
  const { length } = data;
  const start = length < 24 ? [0x40 | length] : length < 256 ? [0x58, length] : length < 65536
    ? [0x59, length >> 8, length & 255] : [0x5a, length >>> 24, (length >> 16) & 255, (length >> 8) & 255, length & 255];
  return [...start, ...data];
}

// One DER element at a place: its tag, its content, its whole bytes.
export function der(data, place = 0) {
  let size = data[place + 1];
  let begin = place + 2;
  if (size === undefined || size === 0x80 || size > 0x84) refuse('der');
  if (size > 0x80) {
    begin += size & 0x7f;
    size = data.slice(place + 2, begin).reduce((sum, byte) => sum * 256 + byte, 0);
  }
  if (begin + size > data.length) refuse('der');
  return { tag: data[place], content: data.slice(begin, begin + size), whole: data.slice(place, begin + size), end: begin + size };
}

export function parts(data) {
  const found = [];
  for (let place = 0; place < data.length;) {
    const one = der(data, place);
    found.push(one);
    place = one.end;
  }
  return found;
}
