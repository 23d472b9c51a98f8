// Typing into the sheet: keys, committing, undo of whole steps. A step is what one action changed: a cell, a pasted block.
import { read } from './averages.js';
import { isDirty, render, setValue, takeOver } from './cells.js';

const UNDO_STEPS = 200;

export const makeEntry = ({ grid, saving, me, changed, tell }) => {
  const steps = [], entry = {};

  // Writes text as if typed. What can't be read stays in the cell with the reason and is never sent.
  const write = (cell, text) => {
    const before = cell.text, { value, reason } = read(text, cell.method);
    if (reason) {
      Object.assign(cell, { wrong: reason, text });
      cell.input.value = text;
      render(cell);
    } else {
      setValue(cell, value);
      saving.edit(cell);
    }
    return { cell, before, after: cell.text };
  };

  // changes: [cell, text] pairs, one step to undo.
  entry.write = changes => {
    const written = changes.filter(([cell, text]) => text !== cell.text || isDirty(cell)).map(([cell, text]) => write(cell, text));
    entry.remember(written);
  };
  entry.remember = written => {
    const step = written.filter(({ before, after }) => before !== after);
    if (step.length) { steps.push(step); tell(''); }   // what was said of the step before is over
    if (steps.length > UNDO_STEPS) steps.shift();
    refresh(written.map(change => change.cell));
  };
  const refresh = cells => {
    new Set(cells.map(cell => cell.row)).forEach(grid.average);
    changed();
  };

  entry.commit = cell => {
    if (isDirty(cell)) entry.write([[cell, cell.input.value]]);
    hearNews(cell);
  };
  // Typed over, the other value is not lost: the server answers with both.
  const hearNews = cell => {
    if (!cell.news || cell.wrong) return;
    if (!cell.edit) { takeOver(cell, cell.news, me); refresh([cell]); }
    cell.news = null;
  };

  // Cells that hold something else by now (another teacher's value) are left alone.
  entry.undo = () => {
    const step = steps.pop();
    if (!step) return;
    const own = step.filter(({ cell, after }) => cell.text === after && !isDirty(cell));
    own.forEach(({ cell, before }) => write(cell, before));
    refresh(own.map(change => change.cell));
    go(own[0]?.cell);
  };

  const restore = cell => {
    if (!isDirty(cell) && !cell.wrong) return;
    setValue(cell, cell.value);
    render(cell);
    refresh([cell]);
    hearNews(cell);
    cell.input.select();
  };

  const go = cell => {
    if (!cell) return false;
    cell.input.focus();
    cell.input.select();
    return true;
  };
  entry.go = go;

  const leave = (cell, next) => { entry.commit(cell); if (!go(next)) cell.input.select(); };
  const fillDown = cell => {
    const above = grid.below(cell, -1);
    if (!above) return;
    entry.write([[cell, above.input.value]]);
    leave(cell, grid.below(cell, 1));
  };

  const isWhole = input => input.selectionStart === 0 && input.selectionEnd === input.value.length;
  const isAtStart = input => isWhole(input) || (input.selectionStart === 0 && input.selectionEnd === 0);
  const isAtEnd = input => isWhole(input) || (input.selectionStart === input.value.length);

  // Answers true when the key has been dealt with.
  const keys = {
    Enter: (cell, event) => { leave(cell, grid.below(cell, event.shiftKey ? -1 : 1)); return true; },
    ArrowDown: cell => { leave(cell, grid.below(cell, 1)); return true; },
    ArrowUp: cell => { leave(cell, grid.below(cell, -1)); return true; },
    ArrowLeft: cell => isAtStart(cell.input) && Boolean(grid.beside(cell, -1)) && (leave(cell, grid.beside(cell, -1)), true),
    ArrowRight: cell => isAtEnd(cell.input) && Boolean(grid.beside(cell, 1)) && (leave(cell, grid.beside(cell, 1)), true),
    Escape: cell => { restore(cell); return true; },
    F2: cell => { const { input } = cell; input.setSelectionRange(input.value.length, input.value.length); return true; },
    Delete: cell => isWhole(cell.input) && !isDirty(cell) && (entry.write([[cell, '']]), true),
  };
  const controlKeys = {
    d: cell => { fillDown(cell); return true; },
    z: cell => { if (isDirty(cell)) restore(cell); else entry.undo(); return true; },
  };

  const handlerOf = event => {
    if (event.isComposing || event.altKey) return null;
    if (event.ctrlKey || event.metaKey) return event.shiftKey ? null : controlKeys[event.key.toLowerCase()];
    return event.shiftKey && event.key !== 'Enter' ? null : keys[event.key];
  };

  const { sheet } = grid;
  let fresh = null;   // the first click chooses the whole value, the next one places the caret
  sheet.addEventListener('focusin', event => { const cell = grid.of(event.target); if (cell) { fresh = cell.input; cell.input.select(); } });
  sheet.addEventListener('mouseup', event => { if (event.target === fresh) event.preventDefault(); fresh = null; });
  sheet.addEventListener('focusout', event => { const cell = grid.of(event.target); if (cell) entry.commit(cell); });
  sheet.addEventListener('input', event => { const cell = grid.of(event.target); if (cell) grid.average(cell.row); });
  sheet.addEventListener('keydown', event => {
    const cell = grid.of(event.target);
    if (cell && handlerOf(event)?.(cell, event)) event.preventDefault();
  });
  sheet.addEventListener('click', event => {
    const button = event.target.closest('.why button'), cell = button && grid.of(button.closest('td').querySelector('input'));
    if (!cell?.clash) return;
    if (button.value === 'mine') saving.keepMine(cell); else saving.takeTheirs(cell);
    go(cell);
  });
  return entry;
};
