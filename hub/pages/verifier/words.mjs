// What the pages say of a headline's code and of the reason that decided it, in Chinese and English.

export const SAID = {
  'genuine.valid': ['valid', '二维码真实，所指证照有效', 'The code is genuine, the certificate valid'],
  'genuine.as_of': ['waiting', '二维码真实，但状态信息已旧', 'The code is genuine, its status is old'],
  'genuine.unchecked': ['waiting', '二维码真实，状态未查', 'The code is genuine, its status was not checked'],
  'genuine.not_valid': ['revoked', '二维码真实，但当前无效', 'The code is genuine, but not valid now'],
  'other_file.changed': ['revoked', '二维码不成立，请勿采信', 'The code does not hold: do not rely on it'],
  'foreign.issuer': ['revoked', '非受信任的机构签发，请勿采信', 'Signed by no trusted authority: do not rely on it'],
  unconfirmed: ['waiting', '无法确认', 'Cannot be confirmed'],
};

const REASONS = {
  'readable.not_a_code': ['内容不是本系统的二维码，或已残缺', 'not a code of this system, or incomplete'],
  'signed.wrong': ['签名不符', 'the signature does not hold'],
  'sealed.unknown_seal': ['签名密钥不在信任列表中', 'the key is not listed'],
  'sealed.other_issuer': ['签名密钥属于另一机构', 'the key is another authority’s'],
  'sealed.distrusted': ['签名密钥已被宣布不可信', 'the key is distrusted'],
  'sealed.suspended': ['签名密钥已停用', 'the key is suspended'],
  'sealed.key_outside': ['签名时密钥不在有效期内', 'the key was not valid then'],
  'entitled.unlisted': ['机构当日不在信任列表中', 'the authority was not listed that day'],
  'entitled.not_entitled': ['机构无权签发此类证照', 'the authority may not issue this type'],
  'status.not_begun': ['有效期尚未开始', 'its term has not begun'],
  'status.over': ['有效期已经届满', 'its term is over'],
  'status.code_not_begun': ['二维码尚未生效', 'the code is not valid yet'],
  'status.code_over': ['二维码已经失效', 'the code is over'],
  'status.ended': ['已撤销、吊销、注销、撤回或作废', 'it has ended'],
  'status.suspended': ['已暂扣（停用）', 'it is suspended'],
  'status.replaced': ['已因变更失效', 'it was replaced'],
};

export function reason(code) {
  const [zh, en] = REASONS[code] ?? [];
  return zh === undefined ? ['', ''] : [`：${zh}`, `: ${en}`];
}
