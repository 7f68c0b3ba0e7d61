import { createRequire } from 'node:module';
import proto from '@temporalio/proto';
import type { temporal } from '@temporalio/proto';

export type History = temporal.api.history.v1.IHistory;

interface ProtoJson {
  toJson(type: object, message: object): unknown;
  fromJson(type: object, json: unknown, options: { readonly ignoreUnknownFields: boolean }): History;
}

// The SDK's own historyToJSON and historyFromJSON fail where npm gives each Temporal package a protobufjs of its own, as
// here ("type must be a Type"): so the JSON reader has to be the one that belongs to the message types.
const require = createRequire(import.meta.url);
const requireAsProto = createRequire(require.resolve('@temporalio/proto'));
// Untyped: the module cannot be named from here, and its types describe another copy of the same classes.
const protoJson = requireAsProto('protobufjs/ext/protojson') as ProtoJson;
const root = proto as unknown as { lookupType(name: string): object };
const historyType = root.lookupType('temporal.api.history.v1.History');

/**
 * A history in the JSON of Temporal's UI and CLI, without what belongs to the machine that recorded it: worker
 * identities (process and host name) and stack traces (paths). Replay reads neither.
 */
export function historyToJson(history: History): string {
  const json = protoJson.toJson(historyType, proto.temporal.api.history.v1.History.fromObject(history));
  return `${JSON.stringify(json, withoutMachine, 1)}\n`;
}

/** Reads what `historyToJson` wrote, or what was downloaded from the UI. @throws when it is not a history */
export function historyFromJson(json: unknown): History {
  return protoJson.fromJson(historyType, json, { ignoreUnknownFields: true });
}

function withoutMachine(key: string, value: unknown): unknown {
  // "pid@host", also as the beginning of the name of a worker's own queue.
  if (typeof value === 'string' && /^\d+@\S+$/.test(value)) return 'recorder';
  if (key === 'stackTrace' || key === 'binaryChecksum') return '';
  return value;
}
