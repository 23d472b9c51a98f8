// What waits to be sent, kept by the browser (IndexedDB) for one person and one sheet: closing the browser loses nothing.
// A batch is kept with its number until it is answered, so that what is sent twice is written once.
const NAME = 'khue-so-diem', EDITS = 'edits', BATCHES = 'batches';

const finished = request => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

const open = () => {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => [EDITS, BATCHES].forEach(store => request.result.createObjectStore(store));
  return finished(request);
};

// Without storage (forbidden by the browser, disk full) everything else works and the page says what is at risk.
export const openQueue = async owner => {
  const database = await open().catch(() => null);
  const queue = { safe: database !== null };
  const store = (name, mode) => database.transaction(name, mode).objectStore(name);
  const mine = IDBKeyRange.bound([owner], [owner, []]);
  const place = edit => [owner, edit.pupil, edit.kind, edit.number];
  const attempt = async (work, otherwise) => {
    if (!queue.safe) return otherwise;
    try { return await work(); } catch { queue.safe = false; return otherwise; }
  };
  queue.load = () => attempt(async () => ({
    edits: await finished(store(EDITS, 'readonly').getAll(mine)),
    batches: await finished(store(BATCHES, 'readonly').getAll(mine)),
  }), { edits: [], batches: [] });
  queue.keep = edit => attempt(() => finished(store(EDITS, 'readwrite').put(edit, place(edit))));
  queue.keepBatch = batch => attempt(() => finished(store(BATCHES, 'readwrite').put(batch, [owner, batch.id])));
  queue.dropBatch = batch => attempt(() => finished(store(BATCHES, 'readwrite').delete([owner, batch.id])));
  // Another tab may have put a newer edit of the cell in its place meanwhile: that one stays.
  queue.drop = edit => attempt(async () => {
    const edits = store(EDITS, 'readwrite'), kept = await finished(edits.get(place(edit)));
    if (kept?.typed_at === edit.typed_at) await finished(edits.delete(place(edit)));
  });
  return queue;
};
