// The number pad of a phone has no letters: what is no number is written into the cell by buttons below the sheet.
const SCORE = [['v', 'V: vắng'], ['b', 'B: chờ kiểm tra bù'], ['', 'Xóa ô']];
const COMMENT = [['d', 'Đ'], ['cd', 'CĐ'], ...SCORE];

export const makeStates = ({ grid, entry, place }) => {
  let cell = null;
  const bar = Object.assign(document.createElement('div'), { className: 'row states' });
  for (const [text, label] of grid.method === 'comment' ? COMMENT : SCORE) {
    const button = Object.assign(document.createElement('button'), { type: 'button', className: 'btn s', textContent: label });
    button.addEventListener('pointerdown', event => event.preventDefault());   // the cell keeps the focus
    button.addEventListener('click', () => {
      if (!cell || cell.method === 'text') return;
      entry.write([[cell, text]]);
      entry.go(grid.below(cell, 1) ?? cell);
    });
    bar.append(button);
  }
  grid.sheet.addEventListener('focusin', event => { cell = grid.of(event.target) ?? cell; });
  if (grid.all().some(one => one.method !== 'text')) place.prepend(bar);
};
