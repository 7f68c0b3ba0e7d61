import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { GridFSBucket, ObjectId } from 'mongodb';
import type { Db } from 'mongodb';
import { z } from 'zod';
import { fail } from '../../domain/failures.ts';
import { collectionOf, isDuplicateKey } from '../store/collection.ts';
import type { CollectionSpec } from '../store/collection.ts';

/** What PUT /v1/files/{name} answers; `size` in bytes, `sha256` in lower-case hex. */
export interface FileInfo {
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
}

/** A request, a Readable, or whatever else yields the bytes in order. */
export type FileBody = AsyncIterable<Uint8Array | string>;

export interface OpenFile extends FileInfo {
  /** A guess by the name's ending. */
  readonly contentType: string;
  readonly stream: Readable;
}

interface FileDocument {
  _id: string;
  version: string;
  size: number;
  sha256: string;
  storedAt: string;
}

/**
 * Name → the one visible version. The bytes are in the GridFS bucket of the same name (`files.files`, `files.chunks`);
 * a name moves to a new version by one write after its last byte is stored.
 */
export const filesCollection: CollectionSpec<FileDocument> = {
  name: 'files',
  owner: 'catalog',
  retention: 'operational',
  schema: z.object({
    _id: z.string(),
    version: z.string(),
    size: z.int().min(0),
    sha256: z.string(),
    storedAt: z.string(),
  }),
  indexes: [],
};

export interface FileStore {
  /**
   * Stores or replaces a file. Readers see the old content until the new one is complete; same content again changes
   * nothing. `at` is the caller's now. @throws request.too_large
   */
  putFile(name: string, body: FileBody, at: string): Promise<FileInfo>;
  /** @throws catalog.file_unknown */
  openFile(name: string): Promise<OpenFile>;
  /** @throws catalog.file_unknown */
  requireFile(name: string): Promise<FileInfo>;
  /** Those of the names that no file has. One query. */
  unknownFiles(names: readonly string[]): Promise<readonly string[]>;
}

/** How long a replaced version stays, for downloads of it that are under way. */
const supersededForMs = 24 * 60 * 60 * 1000;

/** @param deps.maxBytes largest file that is taken */
export function createFileStore({ db, maxBytes }: { readonly db: Db; readonly maxBytes: number }): FileStore {
  const names = collectionOf(db, filesCollection);
  const bucket = new GridFSBucket(db, { bucketName: 'files' });

  async function find(name: string): Promise<FileDocument> {
    return (await names.findOne({ _id: name })) ?? fail('catalog.file_unknown', `there is no file "${name}"`);
  }

  return {
    async putFile(name, body, at) {
      const version = new ObjectId();
      const { size, sha256 } = await store(db, bucket, { version, name, body, at, maxBytes });
      const current = await names.findOne({ _id: name });
      if (current?.sha256 === sha256) {
        await discard(db, version);
        return { name, size, sha256 };
      }
      await show(db, { _id: name, version: version.toHexString(), size, sha256, storedAt: at });
      await removeSuperseded(db, bucket, name, at);
      return { name, size, sha256 };
    },
    async openFile(name) {
      const { version, size, sha256 } = await find(name);
      const stream = bucket.openDownloadStream(ObjectId.createFromHexString(version));
      return { name, size, sha256, contentType: guessContentType(name), stream };
    },
    async requireFile(name) {
      const { size, sha256 } = await find(name);
      return { name, size, sha256 };
    },
    async unknownFiles(wanted) {
      if (wanted.length === 0) return [];
      const known = await names.find({ _id: { $in: [...wanted] } }, { projection: { _id: 1 } }).toArray();
      const knownNames = new Set(known.map(({ _id }) => _id));
      return wanted.filter((name) => !knownNames.has(name));
    },
  };
}

interface Upload {
  readonly version: ObjectId;
  readonly name: string;
  readonly body: FileBody;
  readonly at: string;
  readonly maxBytes: number;
}

/** Streams the body into the bucket; on any failure nothing of it stays. */
async function store(db: Db, bucket: GridFSBucket, { version, name, body, at, maxBytes }: Upload) {
  const hash = createHash('sha256');
  let size = 0;
  const upload = bucket.openUploadStreamWithId(version, name, { metadata: { at } });
  // Each write reports its own error below; without a listener the event would end the process.
  upload.on('error', () => undefined);
  try {
    for await (const part of body) {
      const chunk = typeof part === 'string' ? Buffer.from(part) : part;
      size += chunk.byteLength;
      if (size > maxBytes) fail('request.too_large', `a file may have at most ${maxBytes} bytes`);
      hash.update(chunk);
      await settled((done) => upload.write(chunk, done));
    }
    await settled((done) => upload.end(done));
  } catch (error) {
    // No write is under way any more, so nothing lands after this. When the database is gone, its answer matters less.
    await discard(db, version).catch(() => undefined);
    throw error;
  }
  return { size, sha256: hash.digest('hex') };
}

function settled(act: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    act((error) => (error == null ? resolve() : reject(error)));
  });
}

async function discard(db: Db, version: ObjectId): Promise<void> {
  await db.collection('files.files').deleteOne({ _id: version });
  await db.collection('files.chunks').deleteMany({ files_id: version });
}

/** The commit: from here on readers get this version. */
async function show(db: Db, document: FileDocument): Promise<void> {
  const names = collectionOf(db, filesCollection);
  const { _id, ...fields } = document;
  try {
    await names.replaceOne({ _id }, fields, { upsert: true });
  } catch (error) {
    // Two first versions at once: the other one inserted, so this one now replaces it.
    if (!isDuplicateKey(error)) throw error;
    await names.replaceOne({ _id }, fields);
  }
}

/** Deletes what the name pointed to a day ago or more, and complete versions that a crash left unshown. */
async function removeSuperseded(db: Db, bucket: GridFSBucket, name: string, at: string): Promise<void> {
  const before = new Date(Date.parse(at) - supersededForMs).toISOString();
  const old = await bucket.find({ filename: name, 'metadata.at': { $lt: before } }).toArray();
  if (old.length === 0) return;
  const current = await collectionOf(db, filesCollection).findOne({ _id: name });
  for (const { _id } of old) if (_id.toHexString() !== current?.version) await discard(db, _id);
}

const contentTypes: Readonly<Record<string, string>> = {
  csv: 'text/csv; charset=utf-8',
  dmg: 'application/x-apple-diskimage',
  epub: 'application/epub+zip',
  exe: 'application/vnd.microsoft.portable-executable',
  gif: 'image/gif',
  gz: 'application/gzip',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  json: 'application/json',
  m4a: 'audio/mp4',
  mobi: 'application/x-mobipocket-ebook',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
  msi: 'application/x-msi',
  pdf: 'application/pdf',
  png: 'image/png',
  svg: 'image/svg+xml',
  txt: 'text/plain; charset=utf-8',
  wav: 'audio/wav',
  webp: 'image/webp',
  zip: 'application/zip',
};

function guessContentType(name: string): string {
  const ending = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? '';
  return Object.hasOwn(contentTypes, ending)
    ? (contentTypes[ending] ?? 'application/octet-stream')
    : 'application/octet-stream';
}
