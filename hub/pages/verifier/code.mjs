// Verify a QR code's text by itself: who says what, and whether it held when the newest status list was made.
// In: the text, an opened trust list, maybe a status list, the time. Nothing is fetched here.
// Out: a headline's code, the reason that decided, the claims: as verification/verify_code.py and headline.py say.

import { Refused, base45, cbor, envelope, inflate, refuse } from './reading.mjs';
import { codeKeyHolds, codeKeys, legalDate, standing, suspended, within } from './trusting.mjs';
import { stateAt } from './status.mjs';

const LONGEST = 4296;
const LARGEST = 4096;
const SKEW = 300_000;
const DAY = 86_400_000;
const [FROM, TO, DIGEST] = [11, 12, 15];
const LINK = /^https:\/\/([a-z0-9.-]{1,253}(?::[0-9]{1,5})?)\/v\/([0-9A-Z]{10,16})#([^]+)$/i;

export async function read(text) {
  if (text.length > LONGEST) refuse('too-long');
  const [host, reference, written] = split(text);
  let data = base45(written);
  if (data[0] === 0x78) data = await inflate(data, LARGEST);
  const sealed = envelope(data);
  const claims = claimed(cbor(sealed.payload));
  if (reference !== null && reference !== claims.reference) refuse('other-reference');
  return { host, claims, sealed };
}

function split(text) {
  if (text.startsWith('LX1:')) return [null, null, text.slice(4)];
  const [, host, reference, fragment] = LINK.exec(text) ?? refuse('not-a-code');
  if (fragment.includes(' ') || fragment.replaceAll(/%(20|25)/g, '').includes('%')) refuse('escape');
  return [host.toLowerCase(), reference, fragment.replaceAll(/%(20|25)/g, (mark) => (mark === '%20' ? ' ' : '%'))];
}

function claimed(found) {
  if (!(found instanceof Map)) refuse('claims');
  const names = [...found.keys()].filter((name) => name !== 5).sort((one, other) => one - other);
  if (names.join() !== '-65537,1,4,6,7,65535') refuse('claims');
  const reference = found.get(7) instanceof Uint8Array ? new TextDecoder().decode(found.get(7)) : '';
  if (!/^[0-9A-Z]{18}$/.test(found.get(1)) || !/^[0-9A-Z]{10,16}$/.test(reference)) refuse('claims');
  const facts = found.get(-65537);
  if (!(facts instanceof Map) || [...facts.keys()].some((name) => !(name >= 1 && name <= 15))) refuse('facts');
  const digest = facts.get(DIGEST);
  if (!(digest instanceof Uint8Array) || digest.length !== 16) refuse('digest');
  const days = [FROM, TO].map((name) => day(facts.get(name)));
  if (days[0] !== null && days[1] !== null && days[0] > days[1]) refuse('time');
  const own = new Map([...facts].filter(([name]) => ![FROM, TO, DIGEST].includes(name)));
  if ([...own.values()].some((value) => value === '' || !['string', 'number'].includes(typeof value))) refuse('facts');
  return {
    issuer: found.get(1), reference, facts: own, digest, from: days[0], to: days[1], status: place(found.get(65535)),
    issuedAt: time(found.get(6)), expiresAt: time(found.get(4)), beginsAt: found.has(5) ? time(found.get(5)) : null,
  };
}

function time(value) {
  if (typeof value !== 'number' || value < 0 || value > 253_402_300_799) refuse('time');
  return value * 1000;
}

function day(value) {
  if (value === undefined) return null;
  if (typeof value !== 'number' || value < -25_567 || value > 2_932_896) refuse('time');
  return new Date(value * DAY).toISOString().slice(0, 10);
}

function place(value) {
  const inner = value instanceof Map && value.size === 1 ? value.get('status_list') : undefined;
  const [index, uri] = inner instanceof Map && inner.size === 2 ? [inner.get('idx'), inner.get('uri')] : [];
  const wrong = !(index >= 0 && index < 1 << 20) || typeof uri !== 'string' || !/^https?:\/\/[!-~]{1,300}$/.test(uri);
  return wrong ? refuse('status') : { index, uri };
}

export async function verify(text, { list, status = null, at }) {
  let token;
  try {
    token = await read(text);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return told('unconfirmed', 'readable.not_a_code', { detail: error.reason });
  }
  const { claims } = token;
  const found = await signer(token, list, at);
  if (typeof found === 'string') return told(found === 'signed.wrong' ? 'other_file.changed' : 'foreign.issuer', found, { claims });
  const right = entitled(found, claims);
  if (right !== null) return told('foreign.issuer', right, { claims, authority: found });
  return { ...held(claims, status, at), claims, authority: found, name: nameOn(found, claims) };
}

function told(headline, because, more) {
  return { headline, because, ...more };
}

async function signer({ claims, sealed }, list, at) {
  const candidates = await codeKeys(list, sealed.kid);
  if (!candidates.length) return 'sealed.unknown_seal';
  for (const [authority, key] of candidates) {
    if (await codeKeyHolds(key, sealed)) {
      if (authority.code !== claims.issuer) return 'sealed.other_issuer';
      return unusable(key, claims, at) ?? authority;
    }
  }
  return 'signed.wrong';
}

function unusable(key, claims, at) {
  if (key.distrusted_after !== null && at > Date.parse(key.distrusted_after)) return 'sealed.distrusted';
  if (key.suspensions.some((one) => suspended(one, at))) return 'sealed.suspended';
  return standing(key, claims.issuedAt) === 'usable' ? null : 'sealed.key_outside';
}

function entitled(authority, claims) {
  const on = legalDate(claims.issuedAt);
  const type = String(claims.facts.get(1) ?? '').split('@')[0];
  if (!authority.names.some((name) => within(name, on))) return 'entitled.unlisted';
  const covers = (pattern) => (pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern);
  return authority.may_issue.some((one) => within(one, on) && one.types.some(covers)) ? null : 'entitled.not_entitled';
}

function nameOn(authority, claims) {
  return authority.names.find((name) => within(name, legalDate(claims.issuedAt)))?.name ?? '';
}

function held(claims, status, at) {
  if (at < Math.max(claims.issuedAt, claims.beginsAt ?? 0) - SKEW) return told('genuine.not_valid', 'status.code_not_begun', {});
  if (at >= claims.expiresAt) return told('genuine.not_valid', 'status.code_over', {});
  const on = legalDate(at);
  if (claims.from !== null && on < claims.from) return told('genuine.not_valid', 'status.not_begun', {});
  if (claims.to !== null && on > claims.to) return told('genuine.not_valid', 'status.over', {});
  const known = status !== null && status.uri === claims.status.uri && status.issuer === claims.issuer;
  const state = known ? stateAt(status, claims.status.index) : undefined;
  if (state === undefined) return told('genuine.unchecked', null, {});
  if (state !== 'valid') return told('genuine.not_valid', `status.${state}`, {});
  return told(at < status.expiresAt ? 'genuine.valid' : 'genuine.as_of', null, { seenAt: status.issuedAt });
}
