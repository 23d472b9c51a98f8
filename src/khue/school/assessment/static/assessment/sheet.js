// The mark sheet in the browser. Markup: table rows with data-pupil; a cell that may be written is
// <td><input data-kind data-number data-serial></td>, a locked one <td class="lock" data-kind data-number>, the result
// has data-avg. The sheet names its person and itself in data-sheet, its addresses in data-save and data-news.
import { each } from '../core/dom.js';
import { makeGrid } from './cells.js';
import { makeEntry } from './entry.js';
import { makeNews } from './news.js';
import { makePaste } from './paste.js';
import { openQueue } from './queue.js';
import { makeSaving } from './saving.js';
import { makeSays } from './says.js';
import { makeStates } from './states.js';

const keepWhatIsTyped = (grid, entry, saving) => {
  if (!document.hidden) return;
  const cell = grid.of(document.activeElement);
  if (cell) entry.commit(cell);
  saving.send();
};

const start = async sheet => {
  sheet.dataset.ready = '';
  const { me } = sheet.dataset, grid = makeGrid(sheet), queue = await openQueue(sheet.dataset.sheet);
  const says = makeSays({ grid, queue, savingOf: () => saving, goTo: cell => entry.go(cell), giveUp: () => giveUp() });
  const parts = { grid, queue, me, changed: says.refresh, tell: says.tell, announce: says.announce };
  const saving = makeSaving(parts), entry = makeEntry({ ...parts, saving });
  const giveUp = () => { const dropped = saving.giveUp(); entry.remember(dropped); says.tell(`Đã bỏ ${dropped.length} ô chưa lưu. Ctrl+Z trong sổ để lấy lại.`); };
  makePaste({ ...parts, entry });
  makeStates({ ...parts, entry, place: says.below });
  saving.restore(await queue.load());
  makeNews({ ...parts, saving });
  addEventListener('online', saving.resume);
  document.addEventListener('visibilitychange', () => keepWhatIsTyped(grid, entry, saving));
  sheet.dataset.ready = '1';
};

each('.sheet[data-save]', sheet => { if (!('ready' in sheet.dataset)) start(sheet); });
