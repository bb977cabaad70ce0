// The field check at /v: a file, a photo of a code or a code's text goes to the hub, the report comes back.
// Out: the headline and every check, as text. The answer is written for people; nothing is kept.

import { element } from './elements.mjs';

const form = document.querySelector('form');
const shown = document.querySelector('#report');
const STATES = { genuine: 'valid', other_file: 'revoked', foreign: 'revoked', unconfirmed: 'waiting' };
const MARKS = { PASSED: '✓', FAILED: '✗', UNKNOWN: '?' };

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  shown.replaceChildren(element('p', '核验中… · Verifying …'));
  try {
    tell(await asked());
  } catch {
    shown.replaceChildren(element('p', '现在无法核验，请稍后再试。· It cannot be verified now; try again later.', 'standing waiting'));
  }
});

async function asked() {
  const file = form.elements.file.files[0];
  const code = form.elements.code.value.trim();
  const body = file ? new FormData() : JSON.stringify({ code });
  if (file) body.append('file', file);
  const headers = { 'Accept-Language': 'zh-CN', ...(file ? {} : { 'Content-Type': 'application/json' }) };
  const answer = await fetch('/v1/verifications', { method: 'POST', body, headers, credentials: 'omit' });
  return answer.json();
}

function tell(report) {
  if (report.headline === undefined) {
    shown.replaceChildren(element('p', report.title, 'standing waiting'));
    return;
  }
  const [kind, how] = report.headline.code.split('.');
  const verdict = element('p', '', `standing ${how === 'not_valid' ? 'revoked' : how === 'valid' || kind !== 'genuine' ? STATES[kind] : 'waiting'}`);
  verdict.append(element('strong', report.headline.zh), element('br'), element('span', report.headline.en, '', 'en'));
  const list = element('ol');
  list.append(...report.checks.map(line));
  const more = element('details');
  more.append(element('summary', '逐项检查 · Every check'), list);
  shown.replaceChildren(verdict, ...linked(report), more);
}

function linked({ claimed, code }) {
  const rows = claimed === null ? [] : [`${claimed.title} · ${claimed.issuer.name} · ${claimed.number ?? ''}`, claimed.identifier];
  const link = code === null ? [] : [element('a', '登记核对 · In the register')];
  link.forEach((one) => { one.href = `/v/${encodeURIComponent(code.reference)}`; });
  return [...rows.map((row) => element('p', row, 'mono')), ...link];
}

function line(check) {
  const made = element('li', `${MARKS[check.outcome]} ${check.zh}`);
  made.value = check.number;
  made.append(element('br'), element('span', check.en, '', 'en'));
  return made;
}
