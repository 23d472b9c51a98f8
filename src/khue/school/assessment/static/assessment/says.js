// The state of saving in words: the line at the head of the page, notes above the sheet, what needs a look below it.
import { $, icon } from '../core/dom.js';
import { clashWords, isTrouble } from './cells.js';

const LISTED = 5;

const make = (tag, properties, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};
const action = (text, run) => make('button', { type: 'button', className: 'btn s', textContent: text, onclick: run });

const copy = async text => {
  try { await navigator.clipboard.writeText(text); } catch {   // a plain http address has no clipboard
    const area = make('textarea', { value: text, className: 'vh' });
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
};

export const makeSays = ({ grid, queue, savingOf, goTo, giveUp }) => {
  const { sheet } = grid, card = sheet.closest('.card') ?? sheet, line = $('[data-saves]');
  const note = make('div', { className: 'note warn mb' }), list = make('ul', { className: 'troubles', hidden: true }), told = make('p', { role: 'status' }), heard = make('p', { className: 'vh', role: 'status' });
  const below = make('div', { className: 'sheet-says' }, told, heard, list);
  note.setAttribute('role', 'alert');
  list.setAttribute('aria-label', 'Ô cần xem lại');
  card.after(below);

  const asText = cells => cells.map(cell => [grid.pupil(cell), grid.heads[cell.column] ?? `${cell.kind} ${cell.number}`, cell.text].join('\t')).join('\n');

  const headline = saving => {
    const waiting = saving.waiting().length, troubles = grid.all().filter(isTrouble).length;
    const queued = waiting ? `, ${waiting} ô chờ gửi` : '';
    if (saving.out) return ['off', 'cloud-off', `Phiên làm việc đã hết${queued}`];
    if (saving.down) return ['off', 'cloud-off', `Mất mạng${queued}`];
    if (saving.unanswered) return ['off', 'cloud-off', `Máy chủ chưa nhận${queued}`];
    if (waiting) return ['busy', 'refresh', 'Đang lưu…'];
    const cells = grid.all().filter(cell => cell.touched || isTrouble(cell)), done = cells.filter(cell => !cell.edit && !isTrouble(cell)).length;
    if (!cells.length) return null;
    const words = `Đã lưu ${done}/${cells.length}${saving.at ? ` lúc ${saving.at}` : ''}`;
    return troubles ? ['off', 'alert-square', `${words}, ${troubles} ô cần xem lại`] : ['', 'cloud-check', words];
  };

  // A note that stands already is left alone, so that it isn't read out again and keeps the focus on its buttons.
  const setNote = (key, name, words, ...actions) => {
    if (note.dataset.note === key) return;
    note.dataset.note = key;
    if (!key) return note.remove();
    note.replaceChildren(icon(name), make('span', {}, ...words), make('div', { className: 'row' }, ...actions));
    card.before(note);
  };
  const bold = text => make('b', { textContent: text });
  const kept = () => queue.safe ? 'Điểm giữ trong máy này và tự gửi khi có mạng, đóng trình duyệt cũng không mất.' : 'Trình duyệt này không giữ được điểm khi đóng: để trang này mở đến khi gửi xong.';
  const copyOf = cells => action('Chép các ô chưa lưu', async () => { await copy(asText(cells())); tell('Đã chép các ô chưa lưu. Dán vào tệp Excel hay thư được.'); });
  const reload = () => action('Tải lại trang', () => location.reload());

  const common = refused => new Set(refused.map(cell => cell.refused)).size === 1 ? refused[0].refused : '';
  const reasonOf = refused => (common(refused) || 'Có ô không được nhận').replace(/\.$/, '');
  const notes = saving => {
    const refused = saving.refused();
    if (saving.out) return setNote('out', 'alert-triangle', [bold('Phiên làm việc đã hết.'), ` Tải lại trang và đăng nhập; ${queue.safe ? 'các ô chưa gửi còn trong máy này và sẽ tự gửi.' : 'chép các ô chưa gửi trước đã.'}`], reload(), copyOf(saving.waiting));
    if (refused.length) return setNote(`refused ${refused.length} ${reasonOf(refused)}`, 'lock', [bold(`${reasonOf(refused)}.`), ` ${refused.length} ô chưa lưu: ${refused.slice(0, LISTED).map(grid.place).join('; ')}${refused.length > LISTED ? '…' : '.'}`],
      action('Thử gửi lại', saving.sendRefused), copyOf(saving.refused), action('Bỏ các ô chưa lưu', giveUp));
    if (saving.down || saving.unanswered) return setNote(`down ${queue.safe}`, 'cloud-off', [bold('Cứ nhập tiếp.'), ` ${kept()}`], action('Thử lại ngay', saving.resume));
    return setNote('');
  };

  const words = cell => cell.wrong || (cell.clash ? clashWords(cell) : cell.refused);
  const item = cell => {
    const text = `${grid.place(cell)}: ${words(cell)}`, go = make('button', { type: 'button', className: 'st err wrap', onclick: () => goTo(cell) }, icon('alert-square'), text[0].toUpperCase() + text.slice(1));
    return make('li', {}, go);
  };
  let listed = '';
  const troubles = saving => {
    const shared = common(saving.refused());   // one reason for all stands above the sheet
    const all = grid.all().filter(cell => isTrouble(cell) && !(cell.refused && shared)).sort((one, two) => one.row - two.row), key = all.map(cell => grid.place(cell) + words(cell)).join('\n');
    if (key === listed) return;
    listed = key;
    list.hidden = !all.length;
    list.replaceChildren(...all.slice(0, LISTED).map(item));
    if (all.length > LISTED) list.append(make('li', { textContent: `và ${all.length - LISTED} ô nữa` }));
  };

  const tell = text => { told.textContent = text; }, announce = text => { heard.textContent = text; };
  let last = '';
  const write = () => {
    const saving = savingOf(), state = headline(saving);
    notes(saving);
    troubles(saving);
    if (!state || last === state.join()) return;
    last = state.join();
    const [name, image, text] = state;
    line.className = `saves ${name}`;
    line.replaceChildren(icon(image), text);
  };
  // A pasted block changes hundreds of cells at once: they are told once.
  let isDue = false;
  const refresh = () => {
    if (isDue) return;
    isDue = true;
    queueMicrotask(() => { isDue = false; write(); });
  };
  return { below, refresh, tell, announce };
};
