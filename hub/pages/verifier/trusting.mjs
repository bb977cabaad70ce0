// Decide whether a signed trust list is believed, and whose a code key is.
// In: the list as the hub signs it (JWS), the root it must lead to (DER), the time.
// Out: the list; a Refused otherwise. The signer must be issued by the root itself, for trust lists alone.
// Spec: verification/schemas/trust-list-1.json, verification/trust.py.

import { der, parts, refuse, same } from './reading.mjs';

const CURVES = new Map([['2a8648ce3d030107', ['P-256', 32]], ['2b81040022', ['P-384', 48]]]);
const HASHES = new Map([['2a8648ce3d040302', 'SHA-256'], ['2a8648ce3d040303', 'SHA-384']]);
const PURPOSES = '551d25';
const TRUST_LISTS = '30080606040091370300';  // SEQUENCE of the one OID 0.4.0.2231.3.0
const hex = (data) => [...data].map((byte) => byte.toString(16).padStart(2, '0')).join('');

export function unbase64(text) {
  return Uint8Array.from(atob(text), (mark) => mark.charCodeAt(0));
}

function unbase64url(text) {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) refuse('form');
  return unbase64(text.replaceAll('-', '+').replaceAll('_', '/'));
}

export function certificate(data) {
  const [tbs, algorithm, signature] = parts(der(data).content);
  const fields = parts(tbs.content).slice(der(tbs.content).tag === 0xa0 ? 1 : 0);
  const [, , issuer, validity, subject, key, ...more] = fields;
  const [first, last] = parts(validity.content).map(moment);
  const extensions = more.filter((one) => one.tag === 0xa3).flatMap((one) => parts(der(one.content).content));
  const named = extensions.map((one) => parts(one.content)).find(([oid]) => hex(oid.content) === PURPOSES);
  return {
    data, tbs: tbs.whole, algorithm: hex(parts(algorithm.content)[0].content), signature: signature.content.slice(1),
    issuer: issuer.whole, subject: subject.whole, key: key.whole, first, last,
    purposes: named === undefined ? '' : hex(named.at(-1).content),
  };
}

function moment({ tag, content }) {
  const text = new TextDecoder().decode(content);
  const whole = tag === 0x17 ? (text < '5' ? '20' : '19') + text : text;
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(whole) ?? refuse('der');
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

export async function thumbprint(data) {
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', data)));
}

async function imported(spki) {
  const [, oid] = parts(parts(der(spki).content)[0].content);
  const [namedCurve, half] = CURVES.get(hex(oid.content)) ?? refuse('unusable-key');
  return [await crypto.subtle.importKey('spki', spki, { name: 'ECDSA', namedCurve }, false, ['verify']), half];
}

// Whether the key signed the data; a signature in DER is turned into two numbers first.
async function holds(spki, hash, signature, data) {
  const [key, half] = await imported(spki);
  const raw = signature.length === 2 * half ? signature : numbers(signature, half);
  return crypto.subtle.verify({ name: 'ECDSA', hash }, key, raw, data);
}

function numbers(signature, half) {
  const found = new Uint8Array(2 * half);
  parts(der(signature).content).forEach(({ content }, place) => {
    const digits = content.slice(content[0] === 0 ? 1 : 0);
    if (place > 1 || digits.length > half) refuse('wrong-signature');
    found.set(digits, (place + 1) * half - digits.length);
  });
  return found;
}

export async function codeKeyHolds(key, { signature, signed }) {
  const { key: spki } = certificate(unbase64(key.certificate));
  return holds(spki, 'SHA-256', signature, signed);
}

export async function openList(token, root, at) {
  const [header, payload, signature, ...more] = token.trim().split('.');
  if (signature === undefined || more.length) refuse('form');
  const said = JSON.parse(new TextDecoder().decode(unbase64url(header)));
  const members = Object.keys(said).sort().join();
  if (said.alg !== 'ES256' || said.typ !== 'trust-list+jws' || members !== 'alg,kid,typ,x5c') refuse('header');
  const leaf = certificate(unbase64(said.x5c[0]));
  const above = certificate(root);
  const hash = HASHES.get(leaf.algorithm) ?? refuse('not-delegated');
  if (!same(leaf.issuer, above.subject) || leaf.purposes !== TRUST_LISTS) refuse('not-delegated');
  if (!(await holds(above.key, hash, leaf.signature, leaf.tbs))) refuse('not-delegated');
  if ([leaf, above].some(({ first, last }) => at < first || at > last)) refuse('not-delegated');
  const data = new TextEncoder().encode(`${header}.${payload}`);
  if (!(await holds(leaf.key, 'SHA-256', unbase64url(signature), data))) refuse('wrong-signature');
  return JSON.parse(new TextDecoder().decode(unbase64url(payload)));
}

// The code keys whose certificate's digest begins with a short key id.
export async function codeKeys(list, kid) {
  const found = [];
  for (const authority of list.authorities) {
    for (const key of authority.code_keys) {
      if ((await thumbprint(unbase64(key.certificate))).startsWith(hex(kid))) found.push([authority, key]);
    }
  }
  return found;
}

const SHANGHAI = 8 * 3600_000;
export const legalDate = (at) => new Date(at + SHANGHAI).toISOString().slice(0, 10);
export const within = (one, day) => (one.from === null || one.from <= day) && (one.to === null || day <= one.to);

export function standing(key, at) {
  const { first, last } = certificate(unbase64(key.certificate));
  if (key.distrusted_after !== null && at > Date.parse(key.distrusted_after)) return 'distrusted';
  if (key.suspensions.some((one) => suspended(one, at))) return 'suspended';
  return first <= at && at <= last && within(key, legalDate(at)) ? 'usable' : 'outside';
}

export function suspended({ from, until }, at) {
  return Date.parse(from) <= at && (until === null || at < Date.parse(until));
}
