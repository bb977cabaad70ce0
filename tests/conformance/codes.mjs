// Put the browser's verifier before the frozen codes: `node tests/conformance/codes.mjs`.
// Out: one line; exit 1 if it says of one code what it should not.

import { readFileSync } from 'node:fs';
import { verify } from '../../hub/pages/verifier/code.mjs';
import { readList } from '../../hub/pages/verifier/status.mjs';
import { openList, unbase64 } from '../../hub/pages/verifier/trusting.mjs';

const { beside, codes } = JSON.parse(readFileSync(new URL('../vectors/codes/codes.json', import.meta.url)));
const wrong = [];
const made = Date.parse('2026-03-02T02:00:00Z');
const list = await openList(beside.trust, unbase64(beside.root), made);
for (const code of codes) {
  const at = Date.parse(code.at);
  const status = code.status === null ? null : await readList(unbase64(beside.status[code.status]), list, at);
  const found = await verify(code.text, { list, status, at });
  if (found.headline !== code.headline || found.because !== code.because) wrong.push([code.name, found.headline, found.because]);
}
for (const [name, change] of Object.entries({
  'another root': [beside.trust, unbase64(beside.root).fill(0, -9)],
  'a changed list': [beside.trust.slice(0, -9) + 'AAAAAAAAA', unbase64(beside.root)],
})) {
  const opened = name === 'a changed list' ? await openList(...change, made).then(() => true, () => false) : false;
  if (opened) wrong.push([name, 'opened']);
}
const began = performance.now();
for (let round = 0; round < 20; round += 1) await verify(codes[0].text, { list, status: null, at: made });
const each = ((performance.now() - began) / 20).toFixed(2);
console.log(wrong.length ? wrong : `${codes.length} codes: the browser's verifier agrees (${each} ms each)`);
process.exit(wrong.length ? 1 : 0);
