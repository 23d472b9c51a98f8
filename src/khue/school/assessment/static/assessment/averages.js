// Marks as teachers type them, and what a term makes of them: whole tenths, one rounding half-up, never a float.
// What a cell holds is text as the server keeps it: "85" (8,5), "D", "CD", "absent", "make_up", "" (empty), or a comment.
const HIGHEST = 100, LONGEST = 500;
const STATES = { v: 'absent', b: 'make_up' };
const RESULTS = { d: 'D', dat: 'D', c: 'CD', cd: 'CD', chuadat: 'CD' };
const SHOWN = { D: 'Đ', CD: 'CĐ', absent: 'V', make_up: 'B' };

const REASONS = {
  range: text => `Điểm từ 0 đến 10, ô này ghi ${text}.`,
  decimals: text => `Điểm có nhiều nhất một số lẻ, ô này ghi ${text}.`,
  mark: 'Ghi điểm từ 0 đến 10, ví dụ 8 hoặc 8,5. V là vắng, B là chờ kiểm tra bù.',
  result: 'Ghi Đ (đạt) hoặc CĐ (chưa đạt). V là vắng, B là chờ kiểm tra bù.',
  long: `Nhận xét dài nhất ${LONGEST} kí tự.`,
};

// Letters whatever keyboard or file they come from: with or without marks, Đ also as the Icelandic Ð and the African Ɖ.
const letters = text => text.normalize('NFD').replace(/[\u0300-\u036f\s]/g, '').replace(/[đĐðÐɖƉ]/g, 'd').toLowerCase();

// 8 is 8,0 and 10 is 10,0; two digits otherwise are tenths: 85 is 8,5 and 05 is 0,5.
const tenths = text => {
  if (/^\d{1,2}[.,]\d$/.test(text)) return Number(text.replace(/\D/, ''));
  if (/^0\d$/.test(text)) return Number(text);
  if (!/^\d{1,2}$/.test(text)) return null;
  return Number(text) <= 10 ? Number(text) * 10 : Number(text);
};

const unreadable = text => {
  const number = /^(\d+)(?:[.,](\d+))?$/.exec(text);
  if (!number) return REASONS.mark;
  if (Number(number[1]) > 10 || (Number(number[1]) === 10 && Number(number[2]) > 0)) return REASONS.range(text);
  return number[2]?.length > 1 ? REASONS.decimals(text) : REASONS.mark;
};

const readMark = text => {
  const mark = tenths(text);
  return mark !== null && mark <= HIGHEST ? { value: String(mark) } : { reason: unreadable(text) };
};

const readResult = text => {
  const value = RESULTS[letters(text)];
  return value ? { value } : { reason: REASONS.result };
};

const readText = text => {
  const value = text.normalize('NFC').replace(/\s+/g, ' ').trim();
  return value.length <= LONGEST ? { value } : { reason: REASONS.long };
};

// What was typed as {value}, or {reason} why it can't be kept. method: "score", "comment" (Đ/CĐ), "text".
export const read = (text, method) => {
  if (method === 'text') return readText(text);
  const trimmed = text.trim();
  if (!trimmed) return { value: '' };
  const state = STATES[trimmed.toLowerCase()];
  if (state) return { value: state };
  return method === 'comment' ? readResult(trimmed) : readMark(trimmed);
};

// Always one decimal, so that columns align.
export const show = (value, method) => {
  if (method === 'text') return value;
  if (!/^\d+$/.test(value)) return SHOWN[value] ?? '';
  return `${Math.floor(value / 10)},${value % 10}`;
};

export const roundedMean = (total, weight) => Math.floor((2 * total + weight) / (2 * weight));

const sum = numbers => numbers.reduce((total, number) => total + number, 0);
const marks = values => values.filter(value => /^\d+$/.test(value)).map(Number);
const periodic = value => marks([value === 'absent' ? '0' : value])[0];

// ĐTBmhk = (ΣTX + 2 × GK + 3 × CK) / (number of TX + 5), or null while something is missing. A periodic mark missed for
// good is 0 (22/2021 Điều 7.5); a regular one leaves the book incomplete.
export const termAverage = (formative, midterm, final, wanted) => {
  const regular = marks(formative), middle = periodic(midterm), end = periodic(final);
  if (regular.length < wanted || middle === undefined || end === undefined) return null;
  return String(roundedMean(sum(regular) + 2 * middle + 3 * end, regular.length + 5));
};

// ĐTBmcn = (ĐTBmhkI + 2 × ĐTBmhkII) / 3, from the rounded terms.
export const yearAverage = (first, second) => String(roundedMean(Number(first) + 2 * Number(second), 3));

// Đ when every assessment is (22/2021 Điều 9.1); one missed for good is Chưa đạt.
export const termResult = (formative, midterm, final, wanted) => {
  const done = value => value === 'D' || value === 'CD' || value === 'absent';
  const regular = formative.filter(done);
  if (regular.length < wanted || !done(midterm) || !done(final)) return null;
  return [...regular, midterm, final].every(value => value === 'D') ? 'D' : 'CD';
};
