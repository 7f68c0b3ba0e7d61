import type { Connection } from '@temporalio/client';

/** Types of a search attribute, as Temporal's tools spell them. */
export type SearchAttributeKind = 'Keyword' | 'KeywordList' | 'Text' | 'Int' | 'Double' | 'Bool' | 'Datetime';

/** Search attributes by name. */
export type SearchAttributes = Readonly<Record<string, SearchAttributeKind>>;

// temporal.api.enums.v1.IndexedValueType: the API wants numbers.
const INDEXED_VALUE_TYPES = { Text: 1, Keyword: 2, Int: 3, Double: 4, Bool: 5, Datetime: 6, KeywordList: 7 } as const;

/** gRPC status codes. */
const ALREADY_EXISTS = 6;
const UNIMPLEMENTED = 12;

/**
 * Adds the search attributes that the namespace does not have yet; returns their names. It may be repeated, and
 * works on the time-skipping server too, which knows no search attribute until it is told.
 */
export async function addSearchAttributes(
  connection: Connection,
  wanted: SearchAttributes,
  namespace = 'default',
): Promise<string[]> {
  const existing = await existingSearchAttributes(connection, namespace);
  const added: string[] = [];
  for (const [name, kind] of Object.entries(wanted)) {
    if (existing.has(name)) continue;
    const searchAttributes = { [name]: INDEXED_VALUE_TYPES[kind] };
    try {
      await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
      added.push(name);
    } catch (error) {
      if (!hasCode(error, ALREADY_EXISTS)) throw error;
    }
  }
  return added;
}

async function existingSearchAttributes(connection: Connection, namespace: string): Promise<Set<string>> {
  try {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
    return new Set(Object.keys(customAttributes ?? {}));
  } catch (error) {
    // The time-skipping server can add them but not list them.
    if (hasCode(error, UNIMPLEMENTED)) return new Set();
    throw error;
  }
}

function hasCode(error: unknown, code: number): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
