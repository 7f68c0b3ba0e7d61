import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Db } from 'mongodb';
import { createFileStore } from '../../../services/catalog/file-store.ts';
import type { FileStore } from '../../../services/catalog/file-store.ts';
import { openTestDatabase } from '../../support/mongo.ts';

let db: Db;
let database: Awaited<ReturnType<typeof openTestDatabase>>;
let files: FileStore;
const maxBytes = 2_000_000;
const at = '2027-01-01T00:00:00.000Z';

beforeAll(async () => {
  database = await openTestDatabase();
  db = database.db;
  files = createFileStore({ db, maxBytes });
});
afterAll(() => database.close());

const sha256 = (data: Buffer) => createHash('sha256').update(data).digest('hex');
const read = async (name: string) => buffer((await files.openFile(name)).stream);
const versions = (name: string) => db.collection('files.files').countDocuments({ filename: name });
const chunks = () => db.collection('files.chunks').countDocuments();

describe('the file store', () => {
  it('gives back what was put, byte for byte, with size, digest and content type', async () => {
    const data = randomBytes(700_000);
    const info = await files.putFile('app.zip', Readable.from([data.subarray(0, 5), data.subarray(5)]), at);
    expect(info).toEqual({ name: 'app.zip', size: 700_000, sha256: sha256(data) });
    expect(await files.requireFile('app.zip')).toEqual(info);
    const open = await files.openFile('app.zip');
    expect(open).toMatchObject({ ...info, contentType: 'application/zip' });
    expect((await buffer(open.stream)).equals(data)).toBe(true);
  });

  it('takes an empty file and names of unknown kind', async () => {
    const info = await files.putFile('empty.constructor', Readable.from([]), at);
    expect(info).toEqual({ name: 'empty.constructor', size: 0, sha256: sha256(Buffer.alloc(0)) });
    const open = await files.openFile('empty.constructor');
    expect(open.contentType).toBe('application/octet-stream');
    expect(await buffer(open.stream)).toHaveLength(0);
  });

  it('shows the old content until the last byte of the new one has arrived', async () => {
    await files.putFile('book.pdf', Readable.from(['old']), at);
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    async function* slowly() {
      yield Buffer.alloc(600_000, 'n');
      await gate;
      yield Buffer.from('end');
    }
    const put = files.putFile('book.pdf', Readable.from(slowly()), at);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect((await read('book.pdf')).toString()).toBe('old');
    release();
    expect((await put).size).toBe(600_003);
    expect((await read('book.pdf')).subarray(-3).toString()).toBe('end');
  });

  it('lets a download that is under way finish when the file is replaced', async () => {
    const old = randomBytes(900_000);
    await files.putFile('long.bin', Readable.from([old]), at);
    const open = await files.openFile('long.bin');
    await files.putFile('long.bin', Readable.from(['new']), at);
    expect((await buffer(open.stream)).equals(old)).toBe(true);
    expect((await read('long.bin')).toString()).toBe('new');
  });

  it('keeps one version when the same content is put again', async () => {
    await files.putFile('same.txt', Readable.from(['same']), at);
    await files.putFile('same.txt', Readable.from(['sa', 'me']), at);
    expect(await versions('same.txt')).toBe(1);
    expect((await read('same.txt')).toString()).toBe('same');
  });

  it('removes replaced versions a day later', async () => {
    await files.putFile('v.txt', Readable.from(['1']), at);
    await files.putFile('v.txt', Readable.from(['2']), '2027-01-01T12:00:00.000Z');
    expect(await versions('v.txt')).toBe(2);
    await files.putFile('v.txt', Readable.from(['3']), '2027-01-02T06:00:00.000Z');
    expect(await versions('v.txt')).toBe(2);
    expect((await read('v.txt')).toString()).toBe('3');
  });

  it('refuses a body over the limit, keeps the old content, and leaves nothing behind', async () => {
    await files.putFile('big.bin', Readable.from(['small']), at);
    const before = await chunks();
    const body = Readable.from(Array.from({ length: 30 }, () => randomBytes(100_000)));
    await expect(files.putFile('big.bin', body, at)).rejects.toMatchObject({ code: 'request.too_large' });
    expect((await read('big.bin')).toString()).toBe('small');
    expect(await chunks()).toBe(before);
    expect(await versions('big.bin')).toBe(1);
  });

  it('keeps the old content when the sender breaks off', async () => {
    await files.putFile('cut.bin', Readable.from(['whole']), at);
    const before = await chunks();
    async function* broken() {
      yield await Promise.resolve(randomBytes(500_000));
      throw new Error('connection reset');
    }
    await expect(files.putFile('cut.bin', Readable.from(broken()), at)).rejects.toThrow('connection reset');
    expect((await read('cut.bin')).toString()).toBe('whole');
    expect(await chunks()).toBe(before);
  });

  it('ends with one of the contents when several put the same name at once', async () => {
    const contents = Array.from({ length: 8 }, (_, index) => `content ${index}`);
    await Promise.all(contents.map((text) => files.putFile('race.txt', Readable.from([text]), at)));
    expect(contents).toContain((await read('race.txt')).toString());
    expect(await db.collection('files').countDocuments({ _id: { $exists: true } })).toBeGreaterThan(0);
  });

  it('knows which names it does not have', async () => {
    await files.putFile('known.txt', Readable.from(['k']), at);
    expect(await files.unknownFiles(['known.txt', 'a.txt', 'b.txt'])).toEqual(['a.txt', 'b.txt']);
    expect(await files.unknownFiles([])).toEqual([]);
    await expect(files.openFile('a.txt')).rejects.toMatchObject({ code: 'catalog.file_unknown' });
    await expect(files.requireFile('a.txt')).rejects.toMatchObject({ code: 'catalog.file_unknown' });
  });
});
