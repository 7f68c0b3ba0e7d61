import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Days and rates in the format of the European Central Bank. */
export function ecbFile(
  days: Readonly<Record<string, Readonly<Record<string, string>>>>,
  quote: "'" | '"' = '"',
): string {
  const q = (text: string): string => `${quote}${text}${quote}`;
  const cubes = Object.entries(days).map(([date, rates]) => {
    const rows = Object.entries(rates).map(([code, rate]) => `\t\t\t<Cube currency=${q(code)} rate=${q(rate)}/>`);
    return `\t\t<Cube time=${q(date)}>\n${rows.join('\n')}\n\t\t</Cube>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
\t<gesmes:subject>Reference rates</gesmes:subject>
\t<gesmes:Sender>
\t\t<gesmes:name>European Central Bank</gesmes:name>
\t</gesmes:Sender>
\t<Cube>
${cubes.join('\n')}
\t</Cube>
</gesmes:Envelope>`;
}

export interface FileServer {
  readonly url: string;
  /** What is served from now on, by file name; null: status 503. */
  serve(files: Readonly<Record<string, string | null>>): void;
  readonly asked: string[];
  close(): Promise<void>;
}

/** A web server with these files and nothing else. */
export async function openFileServer(): Promise<FileServer> {
  let files: Readonly<Record<string, string | null>> = {};
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const name = (request.url ?? '').slice(1);
    asked.push(name);
    const file = files[name];
    if (file === undefined || file === null) response.writeHead(file === null ? 503 : 404).end();
    else response.writeHead(200, { 'content-type': 'text/xml' }).end(file);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A TCP server has an address of this shape.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    serve: (next) => {
      files = next;
    },
    asked,
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}
