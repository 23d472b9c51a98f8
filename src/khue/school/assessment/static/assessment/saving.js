// Edits go to the server in batches after a short pause; what is not answered stays in the queue and is sent again under
// the same number. Nothing that a teacher types waits for any of this.
import { $ } from '../core/dom.js';
import { keyOf, render, setValue, takeOver } from './cells.js';

const PAUSE = 600, FIRST_RETRY = 1000, SLOWEST_RETRY = 15000, PATIENCE = 20000;
const KEEPALIVE = 20000;   // characters: a browser lets 64 KB outlive the page

// crypto.randomUUID exists on https alone, and a school's own computer may serve plain http.
const uuid = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
};

// For the history: "Chrome, Windows".
const device = () => {
  const named = names => names.find(([pattern]) => pattern.test(navigator.userAgent))?.[1] ?? 'không rõ';
  const browser = named([[/Edg/, 'Edge'], [/OPR/, 'Opera'], [/coc_coc/i, 'Cốc Cốc'], [/Firefox|FxiOS/, 'Firefox'], [/Chrom|CriOS/, 'Chrome'], [/Safari/, 'Safari']]);
  return `${browser}, ${named([[/Android/, 'Android'], [/iPhone|iPad/, 'iOS'], [/Windows/, 'Windows'], [/Mac OS/, 'macOS'], [/CrOS/, 'ChromeOS'], [/Linux/, 'Linux']])}`;
};

const jsonOf = async answer => answer.headers.get('Content-Type')?.startsWith('application/json') ? answer.json() : null;

const post = async (address, batch) => {
  const body = JSON.stringify({ batch: batch.id, device: device(), cells: batch.cells });
  const answer = await fetch(address, {
    method: 'POST', body, redirect: 'manual', keepalive: body.length < KEEPALIVE, signal: AbortSignal.timeout(PATIENCE),
    headers: { 'Content-Type': 'application/json', 'X-CSRFToken': $('meta[name=csrf-token]')?.content ?? '' },
  });
  return { answer, data: await jsonOf(answer) };
};

// The session is over when the answer leads to the sign-in page, or the token belongs to a session before.
export const signedOut = (answer, data) => answer.type === 'opaqueredirect' || answer.status === 401 || (answer.status === 403 && !data);

const GONE = 'Không còn thấy sổ này. Chép các ô chưa lưu ra nơi khác, rồi hỏi người phân công dạy.';
// Why the batch as a whole will not be taken, or "" when it may be tried again.
const refusalOf = (answer, data) => answer.status >= 400 && answer.status < 500 ? data?.message ?? (answer.status === 404 ? GONE : '') : '';
const toWire = ({ pupil, kind, number, value, base, typed_at }) => ({ pupil, kind, number, value, base, typed_at });
const unsettled = cell => cell.edit && !cell.clash && !cell.refused;

export const makeSaving = ({ grid, queue, me, changed }) => {
  const address = grid.sheet.dataset.save, earlier = [];
  const saving = { down: false, unanswered: 0, out: false, at: '', batch: null };
  let timer = 0, failures = 0, isSending = false;

  saving.waiting = () => grid.all().filter(unsettled);
  const schedule = wait => { clearTimeout(timer); timer = setTimeout(saving.send, wait); };

  const keep = (cell, base) => {
    cell.edit = { pupil: cell.pupil, kind: cell.kind, number: cell.number, value: cell.value, base, typed_at: new Date().toISOString() };
    Object.assign(cell, { refused: '', saved: false, touched: true });
    queue.keep(cell.edit);
    render(cell);
    schedule(PAUSE);
  };
  const settle = cell => {
    if (cell.edit) queue.drop(cell.edit);
    Object.assign(cell, { edit: null, clash: null, refused: '' });
    delete cell.td.dataset.by;
  };

  const inBatch = cell => [saving.batch, ...earlier].some(batch => batch?.cells.some(sent => keyOf(sent) === keyOf(cell)));

  // A cell has a new value. Typed back to what the server has, nothing is left to send.
  saving.edit = cell => {
    if (cell.clash) cell.serial = cell.clash.serial;   // the other value was on screen, this one was typed knowing it
    const knew = cell.clash ? cell.clash.value : cell.stored;
    cell.stored = knew;
    cell.clash = null;
    delete cell.td.dataset.by;
    if (cell.value !== knew || inBatch(cell)) keep(cell, cell.serial);
    else { settle(cell); render(cell); }
    changed();
  };

  saving.clash = (cell, entry) => {
    if (entry.value === cell.value) return confirm(cell, entry.serial);
    cell.clash = { value: entry.value, serial: entry.serial, by: entry.by === me ? 'Bạn (ở thẻ hay máy khác)' : entry.by, at: entry.at };
    render(cell);
    changed();
  };
  const confirm = (cell, serial) => {
    const isNewest = serial >= cell.serial;
    settle(cell);
    if (isNewest) Object.assign(cell, { stored: cell.value, serial, saved: true });
    else setValue(cell, cell.stored);   // written by an earlier visit, and changed by somebody since
    render(cell);
    changed();
  };
  saving.keepMine = cell => { saving.edit(cell); grid.average(cell.row); };
  saving.takeTheirs = cell => {
    const entry = cell.clash;
    settle(cell);
    takeOver(cell, entry, me);
    grid.average(cell.row);
    changed();
  };

  const sentIn = batch => new Map(batch.cells.map(cell => [keyOf(cell), cell]));
  const isSame = (cell, sent) => Boolean(cell.edit) && sent.get(keyOf(cell))?.typed_at === cell.edit.typed_at;

  const take = (batch, data) => {
    const sent = sentIn(batch);
    for (const { serial, ...place } of data.saved ?? []) saved(grid.find(place), serial, sent);
    for (const entry of data.clashes ?? []) { const cell = grid.find(entry); if (cell?.edit) saving.clash(cell, entry); }
    for (const { message, ...place } of data.refused ?? []) { const cell = grid.find(place); if (cell && isSame(cell, sent)) refuse(cell, message); }
    saving.at = data.at ?? saving.at;
    grid.serverAverages(data.averages);
  };
  const saved = (cell, serial, sent) => {
    if (!cell) return;
    if (isSame(cell, sent)) return confirm(cell, serial);
    if (serial < cell.serial) return;
    cell.serial = serial;
    cell.stored = sent.get(keyOf(cell)).value;
    if (!cell.edit) return;
    cell.edit.base = serial;   // typed again while the first was on its way
    queue.keep(cell.edit);
  };
  const refuse = (cell, message) => { cell.refused = message; render(cell); };
  const refuseAll = (batch, message) => {
    const sent = sentIn(batch);
    grid.all().filter(cell => isSame(cell, sent)).forEach(cell => refuse(cell, message));
  };

  const nextBatch = () => {
    if (earlier.length) return earlier.shift();
    const cells = saving.waiting().map(cell => toWire(cell.edit));
    return cells.length ? { id: uuid(), cells } : null;
  };
  const deliver = async batch => {
    await queue.keepBatch(batch);   // its number must outlive this page before anybody has seen it
    const { answer, data } = await post(address, batch);
    receive(batch, answer, data);
  };
  const finish = batch => { queue.dropBatch(batch); saving.batch = null; failures = 0; };
  const retry = () => schedule(Math.min(FIRST_RETRY * 2 ** failures++, SLOWEST_RETRY));

  const receive = (batch, answer, data) => {
    saving.down = false;
    if (signedOut(answer, data)) return void (saving.out = true);
    const refusal = refusalOf(answer, data);
    if (refusal) { finish(batch); refuseAll(batch, refusal); return schedule(PAUSE); }
    saving.unanswered = answer.ok && data ? 0 : answer.status;
    if (saving.unanswered) return retry();
    finish(batch);
    take(batch, data);
    schedule(PAUSE);
  };

  saving.send = async () => {
    clearTimeout(timer);
    if (isSending || saving.out) return;
    isSending = true;
    try {
      saving.batch ??= nextBatch();
      if (saving.batch) await deliver(saving.batch);
    } catch {
      saving.down = true;
      retry();
    } finally {
      isSending = false;
      changed();
    }
  };

  // What an earlier visit left goes back into its cells and is sent: first the batches that nobody answered.
  saving.restore = ({ edits, batches }) => {
    earlier.push(...batches);
    for (const edit of edits) {
      const cell = grid.find(edit) ?? grid.adopt(edit);
      Object.assign(cell, { edit, touched: true });
      setValue(cell, edit.value);
      render(cell);
      grid.average(cell.row);
    }
    if (edits.length || batches.length) schedule(0);
    changed();
  };

  saving.refused = () => grid.all().filter(cell => cell.refused);
  saving.resume = () => {
    saving.down = false;
    failures = 0;
    saving.send();
  };
  saving.sendRefused = () => {
    saving.refused().forEach(cell => { cell.refused = ''; render(cell); });
    saving.resume();
  };
  // The cells that were refused go back to what the server has. Answers what changed, so that it can be undone.
  saving.giveUp = () => saving.refused().map(cell => {
    const before = cell.text;
    settle(cell);
    setValue(cell, cell.stored);
    render(cell);
    return { cell, before, after: cell.text };
  });
  return saving;
};
