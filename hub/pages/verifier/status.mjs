// Read a signed status list: which certificates are revoked, suspended or superseded, as of a time.
// In: the list's bytes, a trust list, the time. Out: address, issuer, times, states; a Refused otherwise.
// Spec: IETF Token Status List as CWT, two bits an entry; verification/status_list.py.

import { cbor, envelope, inflate, refuse } from './reading.mjs';
import { codeKeyHolds, codeKeys, standing } from './trusting.mjs';

const TYPE = 'application/statuslist+cwt';
const LARGEST = 1 << 18;
const SKEW = 300_000;
export const STATES = ['valid', 'ended', 'suspended', 'replaced'];

export async function readList(data, list, at) {
  if (data.length > LARGEST + 4096) refuse('too-large');
  const sealed = envelope(data, TYPE);
  const claims = cbor(sealed.payload);
  const [issuer, uri, expires, issued, packed] = [1, 2, 4, 6, 65533].map((name) => claims.get(name));
  if (claims.size !== 6 || packed.get('bits') !== 2 || !(expires > issued)) refuse('claims');
  if (issued * 1000 > at + SKEW) refuse('from-future');
  await requireSigned(sealed, issuer, list, issued * 1000, at);
  const states = await inflate(packed.get('lst'), LARGEST);
  return { uri, issuer, issuedAt: issued * 1000, expiresAt: expires * 1000, states };
}

async function requireSigned(sealed, issuer, list, issued, at) {
  for (const [authority, key] of await codeKeys(list, sealed.kid)) {
    if (await codeKeyHolds(key, sealed)) {
      if (authority.code !== issuer) refuse('other-issuer');
      if (standing(key, issued) !== 'usable' || standing(key, at) === 'distrusted') refuse('distrusted-key');
      return;
    }
  }
  refuse('wrong-signature');
}

export function stateAt({ states }, index) {
  const byte = states[index >> 2];
  return byte === undefined ? undefined : STATES[(byte >> (2 * (index & 3))) & 3];
}
