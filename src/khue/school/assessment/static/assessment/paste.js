// A block from a spreadsheet goes over rows and columns as they stand on the screen; locked and computed columns keep
// theirs. Whatever is not taken is named; the whole block is one step to undo.
import { read } from './averages.js';

// Tab-separated text as spreadsheets put it on the clipboard: a value with a line break or a quote stands in quotes.
export const blockOf = text => {
  const rows = [[]], pattern = /(?:"((?:[^"]|"")*)"(?=[\t\r\n]|$)|([^\t\r\n]*))(\t|\r?\n|\r|$)/gy;
  for (let match; pattern.lastIndex < text.length && (match = pattern.exec(text));) {
    rows.at(-1).push(match[1] === undefined ? match[2] : match[1].replaceAll('""', '"'));
    if (match[3] === '\t' && pattern.lastIndex === text.length) rows.at(-1).push('');
    if (match[3] && match[3] !== '\t' && pattern.lastIndex < text.length) rows.push([]);
  }
  return rows;
};

const NAMED = 5;

const list = places => places.slice(0, NAMED).join('; ') + (places.length > NAMED ? ` và ${places.length - NAMED} ô nữa` : '');

export const makePaste = ({ grid, entry, tell }) => {
  const put = (cell, block) => {
    const changes = [], refused = [];
    let outside = 0, emptied = 0;
    block.forEach((line, y) => line.forEach((text, x) => {
      const r = cell.row + y, column = cell.column + x, target = grid.at(r, column), td = grid.rows[r]?.cells[column];
      if (target) {
        changes.push([target, text]);
        emptied += target.text && !text.trim() ? 1 : 0;
        if (read(text, target.method).reason) refused.push(`${grid.place(target)} ghi “${text.trim()}”`);
      } else if (!td) outside += text.trim() ? 1 : 0;
      else if (isOther(td, text)) refused.push(`dòng ${grid.line(r)} cột ${grid.heads[column]} đã khóa`);
    }));
    entry.write(changes);
    report(block, { written: changes.length, refused, outside, emptied });
  };
  // Over a computed column or an equal value there is nothing to say.
  const isOther = (td, text) => {
    if (!td.dataset.kind || !text.trim()) return false;
    return read(text, grid.method).value !== read(td.textContent, grid.method).value;
  };
  const report = (block, { written, refused, outside, emptied }) => {
    const words = emptied ? [`${emptied} ô đang có điểm thành ô trống.`] : [];
    if (refused.length) words.push(`${refused.length} ô không nhận: ${list(refused)}.`);
    if (outside) words.push(`${outside} ô nằm ngoài sổ (khối dán ${block.length} dòng, ${Math.max(...block.map(line => line.length))} cột).`);
    tell(words.length ? `Dán khối: ${words.join(' ')} Các ô còn lại đã vào sổ. Ctrl+Z bỏ cả khối.` : `Đã dán ${written} ô. Ctrl+Z bỏ cả khối.`);
  };

  grid.sheet.addEventListener('paste', event => {
    const cell = grid.of(event.target), block = blockOf(event.clipboardData.getData('text/plain'));
    if (!cell || (block.length < 2 && block[0].length < 2)) return;
    event.preventDefault();
    put(cell, block);
    entry.go(cell);
  });
};
