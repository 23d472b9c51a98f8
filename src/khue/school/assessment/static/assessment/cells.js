// The sheet as rows and columns of cells. A cell's element follows from what is known of it; render() alone writes it.
import { $, $$ } from '../core/dom.js';
import { read, show, termAverage, termResult } from './averages.js';

const BY_SECONDS = 15;

const lockedText = td => [...td.childNodes].filter(node => !node.classList?.contains('why')).map(node => node.textContent).join('').trim();
const heading = th => [...th.childNodes].filter(node => node.nodeName !== 'SMALL').map(node => node.textContent).join(' ').trim();

export const keyOf = ({ pupil, kind, number }) => `${pupil}/${kind}/${number}`;

// stored and serial: what the server has; value: what the teacher wants; edit: not yet answered by the server.
// text: what the field last held when it was left, also when it can't be read. news: another teacher's value that waits
// until the field is left. touched: changed during this visit.
const makeCell = (input, td, place, method) => {
  const text = input.defaultValue, { value = '' } = read(text, method);
  return { ...place, input, td, method, text: show(value, method), stored: value, value, serial: Number(input.dataset.serial ?? 0), edit: null, wrong: '', refused: '', clash: null, news: null, saved: false, touched: false };
};

const placeOf = element => ({ kind: element.dataset.kind, number: Number(element.dataset.number) });

export const makeGrid = sheet => {
  const { method, formative } = sheet.dataset, wanted = Number(formative);
  const rows = $$('tbody tr[data-pupil]', sheet), heads = [...$('thead tr', sheet).cells].map(heading);
  const cells = new Map(), byInput = new WeakMap();
  const methodOf = kind => kind === 'nx' ? 'text' : method;

  const add = (input, td, place) => {
    const cell = makeCell(input, td, place, methodOf(place.kind));
    cells.set(keyOf(cell), cell);
    byInput.set(input, cell);
    return cell;
  };
  const row = tr => ({ pupil: Number(tr.dataset.pupil), row: rows.indexOf(tr) });
  for (const input of $$('tbody input[data-kind]', sheet)) {
    const td = input.closest('td');
    input.value = input.defaultValue;   // not what the browser remembers of the last visit
    Object.assign(input, { autocomplete: 'off', enterKeyHint: 'next' });
    add(input, td, { ...row(td.parentElement), ...placeOf(input), column: td.cellIndex });
  }

  const lockedTd = ({ pupil, kind, number }) => $(`tr[data-pupil="${pupil}"] td[data-kind="${kind}"][data-number="${number}"]`, sheet);

  const grid = { sheet, rows, heads, method, all: () => [...cells.values()], of: input => byInput.get(input), find: place => cells.get(keyOf(place)) };

  // An edit from an earlier visit whose cell can no longer be written: it is sent and answered like any other.
  grid.adopt = edit => {
    const td = lockedTd(edit) ?? document.createElement('td'), tr = td.closest('tr');
    return add(document.createElement('input'), td, { ...edit, row: tr ? rows.indexOf(tr) : -1, column: tr ? td.cellIndex : -1 });
  };

  grid.at = (r, column) => { const input = rows[r]?.cells[column] && $('input[data-kind]', rows[r].cells[column]); return input ? byInput.get(input) : null; };
  grid.below = (cell, step) => {
    for (let r = cell.row + step; rows[r]; r += step) { const next = grid.at(r, cell.column); if (next) return next; }
    return null;
  };
  grid.beside = (cell, step) => {
    for (let column = cell.column + step; rows[cell.row]?.cells[column]; column += step) { const next = grid.at(cell.row, column); if (next) return next; }
    return null;
  };
  grid.line = r => rows[r] ? $('th.no', rows[r]).textContent.trim() : '';
  grid.place = cell => cell.row < 0 ? `học sinh không còn trong sổ, ${cell.kind} ${cell.number}` : `dòng ${grid.line(cell.row)} cột ${heads[cell.column]}`;
  grid.pupil = cell => rows[cell.row] ? $('th.name', rows[cell.row]).textContent.trim() : '';
  grid.setLocked = (place, value) => lockedTd(place)?.replaceChildren(show(value, methodOf(place.kind)));

  const present = tr => [...tr.cells].flatMap(td => {
    const input = $('input[data-kind]', td), source = input ?? (td.dataset.kind ? td : null);
    return source ? [{ ...placeOf(source), value: read(input ? input.value : lockedText(td), method).value ?? '' }] : [];
  });
  const showResult = (tr, text, low) => {
    const place = $('[data-avg]', tr), before = place?.textContent, label = place?.getAttribute('aria-label');
    if (!place) return;
    place.textContent = text || '–';
    place.closest('td').classList.toggle('low', low);
    if (label?.startsWith(before)) place.setAttribute('aria-label', place.textContent + label.slice(before.length));
  };
  grid.average = r => {
    if (!rows[r]) return;
    const held = present(rows[r]), of = kind => held.filter(cell => cell.kind === kind).map(cell => cell.value);
    const result = (method === 'comment' ? termResult : termAverage)(of('tx'), of('gk')[0] ?? '', of('ck')[0] ?? '', wanted);
    showResult(rows[r], show(result ?? '', method), result === 'CD' || (result !== null && Number(result) < 50));
  };
  // The server's word counts where nothing newer stands in the row.
  grid.serverAverages = averages => {
    const unsettled = new Set(grid.all().filter(cell => cell.edit || cell.wrong || isDirty(cell)).map(cell => cell.row));
    rows.forEach((tr, r) => {
      const text = averages?.[tr.dataset.pupil];
      if (text === undefined || unsettled.has(r)) return;
      const { value = '' } = read(text ?? '', method), door = $('a[data-avg]', tr);
      if (door) door.search = `?luc=${Date.now()}`;   // a drawer keeps what an address gave: the explanation is new
      showResult(tr, text, value === 'CD' || (/^\d+$/.test(value) && Number(value) < 50));
    });
  };
  return grid;
};

export const isDirty = cell => cell.input.value !== cell.text;
export const isTrouble = cell => Boolean(cell.wrong || cell.clash || cell.refused);

export const setValue = (cell, value) => {
  cell.value = value;
  cell.wrong = '';
  cell.text = show(value, cell.method);
  cell.input.value = cell.text;
};

const stateOf = cell => {
  if (isTrouble(cell)) return 'err';
  if (cell.edit) return 'wait';
  return cell.saved ? 'saved' : '';
};

const explain = (cell, nodes) => {
  const id = `o-${keyOf(cell).replaceAll('/', '-')}`;
  $('.why', cell.td)?.remove();
  cell.input.removeAttribute('aria-describedby');
  if (!nodes.length) return;
  const box = Object.assign(document.createElement('div'), { className: 'why', id });
  box.append(...nodes);
  cell.td.append(box);
  cell.input.setAttribute('aria-describedby', id);
};

const button = (answer, text) => Object.assign(document.createElement('button'), { type: 'button', className: 'btn s', textContent: text, value: answer });

export const clashWords = cell => `${cell.clash.by} ghi ${show(cell.clash.value, cell.method) || 'ô trống'} lúc ${cell.clash.at}.`;

const question = cell => {
  const words = Object.assign(document.createElement('p'), { textContent: clashWords(cell) });
  return [words, button('mine', `Giữ ${cell.text || 'ô trống'} của tôi`), button('theirs', `Lấy ${show(cell.clash.value, cell.method) || 'ô trống'}`)];
};

export const render = cell => {
  const state = stateOf(cell);
  if (state) cell.td.dataset.s = state; else delete cell.td.dataset.s;
  if (state === 'err') cell.input.setAttribute('aria-invalid', 'true'); else cell.input.removeAttribute('aria-invalid');
  if (cell.clash) cell.td.dataset.by = `${cell.clash.by}: ${show(cell.clash.value, cell.method) || 'trống'}`;
  if (cell.wrong) explain(cell, [cell.wrong]);
  else if (cell.clash) explain(cell, question(cell));
  else explain(cell, cell.refused ? [cell.refused] : []);
};

// Somebody else's value comes into the cell, with the name for a while.
export const takeOver = (cell, entry, me) => {
  Object.assign(cell, { stored: entry.value, serial: entry.serial, clash: null, refused: '', news: null, saved: false });
  setValue(cell, entry.value);
  delete cell.td.dataset.by;
  render(cell);
  if (entry.by === me) return;
  cell.td.dataset.by = entry.by;
  setTimeout(() => { if (!cell.clash) delete cell.td.dataset.by; }, BY_SECONDS * 1000);
};
