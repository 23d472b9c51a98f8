// What other teachers write into the same sheet, asked for every few seconds while somebody looks at it.
import { isDirty, takeOver } from './cells.js';
import { signedOut } from './saving.js';

const EVERY = 4000, POLLS = { 'X-Khue-Poll': '1' };   // no sign of a person: it keeps nobody signed in

export const makeNews = ({ grid, saving, me, changed, announce }) => {
  const { news, length } = grid.sheet.dataset;
  let serial = Number(length), isAsking = false;

  const put = entry => {
    const cell = grid.find(entry);
    if (!cell?.input.isConnected) return grid.setLocked(entry, entry.value);
    if (entry.serial <= cell.serial) return;
    if (cell.edit) return saving.clash(cell, entry);
    if (cell.wrong || isDirty(cell)) return void (cell.news = entry);
    takeOver(cell, entry, me);
    if (document.activeElement === cell.input) cell.input.select();
  };

  const take = data => {
    serial = data.length;
    for (const entry of data.cells) {
      put(entry);
      const row = grid.rows.findIndex(tr => Number(tr.dataset.pupil) === entry.pupil);
      grid.average(row);
    }
    grid.serverAverages(data.averages);
    const others = data.cells.filter(entry => entry.by !== me);
    if (others.length) announce(`${[...new Set(others.map(entry => entry.by))].join(', ')} vừa ghi ${others.length} ô.`);
    changed();
  };

  // While a batch is on its way its own entries would look like somebody else's.
  const isQuiet = () => document.hidden || saving.out || saving.batch || isAsking;

  const ask = async () => {
    if (isQuiet()) return;
    isAsking = true;
    try {
      const answer = await fetch(`${news}?tu=${serial}`, { headers: POLLS, redirect: 'manual' });
      if (signedOut(answer, null)) { saving.out = true; return changed(); }
      if (answer.ok) { const data = await answer.json(); if (!saving.batch) take(data); }
      if (saving.down) { saving.down = false; saving.send(); }
    } catch {
      saving.down = true;
      changed();
    } finally { isAsking = false; }
  };

  setInterval(ask, EVERY);
  document.addEventListener('visibilitychange', ask);
  addEventListener('offline', ask);   // only asking tells: the server may be on this very computer
};
