// The page behind a code: check the fragment here, in the phone, and show what came out of it.
// In: the address's fragment; the hub's trust list, root and status list. Out: text in #code, nothing else.
// Trust: the fragment is never sent anywhere; of the addresses in it only this host's own status list is asked.

import { read, verify } from './code.mjs';
import { element } from './elements.mjs';
import { readList } from './status.mjs';
import { openList } from './trusting.mjs';
import { SAID, reason } from './words.mjs';

const shown = document.querySelector('#code');
const NAMES = new Map([[2, ['文号', 'Number']], [3, ['持证主体', 'Holder']], [4, ['持证主体代码', 'Holder code']],
  [5, ['地址', 'Address']]]);

export async function start() {
  const fragment = location.href.split('#').slice(1).join('#');
  if (!fragment || shown === null) return;
  try {
    tell(await judged(text(fragment)));
  } catch {
    tell({ headline: 'unconfirmed', because: null });
  }
}

// What the code says: the whole link, or, where its path was lost on the way, the token alone.
function text(fragment) {
  if (/^\/v\/./i.test(location.pathname)) return `HTTPS://${location.host}${location.pathname}#${fragment}`;
  return `LX1:${fragment.replaceAll('%20', ' ').replaceAll('%25', '%')}`;
}

async function judged(text) {
  const at = Date.now();
  const [signed, root] = await Promise.all([kept('/v1/trust', 'text'), kept('/verifier/root', 'bytes')]);
  const list = await openList(signed, root, at);
  return verify(text, { list, status: await status(text, list, at), at });
}

// The list that the code names, if it lies on this host.
async function status(text, list, at) {
  try {
    const { claims } = await read(text);
    const { host, pathname } = new URL(claims.status.uri);
    const own = host === location.host && /^\/v1\/status\/[0-9]{1,9}$/.test(pathname);
    return own ? await readList(await kept(pathname, 'bytes'), list, at) : null;
  } catch {
    return null;
  }
}

// What the hub answers, or, without a network, what it answered last.
async function kept(path, kind) {
  const store = globalThis.caches;
  try {
    const answer = await fetch(path, { cache: 'no-cache', credentials: 'omit' });
    if (!answer.ok) throw new Error(path);
    const copy = answer.clone();
    store?.open('verifier').then((cache) => cache.put(path, copy)).catch(() => {});
    return await content(answer, kind);
  } catch (error) {
    const before = await store?.match(path);
    if (before === undefined) throw error;
    return content(before, kind);
  }
}

async function content(answer, kind) {
  return kind === 'text' ? answer.text() : new Uint8Array(await answer.arrayBuffer());
}

function tell(found) {
  const [state, zh, en] = SAID[found.headline];
  const [whyZh, whyEn] = reason(found.because);
  const seen = found.seenAt === undefined ? '' : new Date(found.seenAt).toLocaleString('zh-CN', { timeZone: 'Asia/Shanghai' });
  const verdict = element('p', '', `standing ${state}`);
  verdict.append(element('strong', zh + whyZh), element('br'), element('span', en + whyEn, '', 'en'));
  if (seen) verdict.append(element('br'), element('small', `状态截至 ${seen} · status as of then`));
  shown.replaceChildren(element('h2', '二维码核对 · '), verdict, ...facts(found));
  shown.firstChild.append(element('span', 'The code, checked in this phone', '', 'en'));
  shown.hidden = false;
}

function facts({ claims, name }) {
  if (claims === undefined || name === undefined) return [];
  const rows = element('dl');
  const add = ([zh, en], value) => {
    const term = element('dt', `${zh} · `);
    term.append(element('span', en, '', 'en'));
    rows.append(term, element('dd', String(value)));
  };
  add(['签发机关', 'Signed by'], name);
  claims.facts.forEach((value, key) => NAMES.has(key) && add(NAMES.get(key), value));
  const days = [claims.from && `自 ${claims.from} 起`, claims.to && `至 ${claims.to} 止`].filter(Boolean).join('，');
  if (days) add(['有效期', 'Valid'], days);
  return [rows, caution()];
}

function caution() {
  const made = element('p', '二维码可以复制：请核对纸面与持证人。');
  made.append(element('br'), element('span', 'A code can be copied: compare the paper and its holder.', '', 'en'));
  return made;
}

globalThis.addEventListener('hashchange', start);
await start();
