/** An element of an XML document, as far as tests look: prefixed name, attributes, text, children. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
  readonly children: readonly XmlElement[];
}

/** Reads well-formed XML (xmllint has checked it before) without comments, CDATA and instructions. */
export function parseXml(xml: string): XmlElement {
  const stack: { name: string; attributes: Record<string, string>; text: string; children: XmlElement[] }[] = [
    { name: '', attributes: {}, text: '', children: [] },
  ];
  for (const [, close, name, attributes, selfClosing, text] of xml
    .replace(/<\?.*?\?>/gs, '')
    .matchAll(/<(\/?)([\w:.-]+)([^>]*?)(\/?)>|([^<]+)/g)) {
    const top = stack.at(-1);
    if (top === undefined) throw new Error('unbalanced');
    if (text !== undefined) {
      top.text += unescaped(text.trim());
    } else if (close === '/') {
      stack.pop();
    } else {
      const found = [...(attributes ?? '').matchAll(/([\w:.-]+)="([^"]*)"/g)];
      const element = {
        name: name ?? '',
        attributes: Object.fromEntries(found.map(([, key, value]) => [key ?? '', unescaped(value ?? '')])),
        text: '',
        children: [],
      };
      top.children.push(element);
      if (selfClosing !== '/') stack.push(element);
    }
  }
  const root = stack[0]?.children[0];
  if (root === undefined) throw new Error('no element');
  return root;
}

/** All elements at a path below an element: 'cac:TaxTotal/cac:TaxSubtotal'. */
export function elementsAt(element: XmlElement, path: string): readonly XmlElement[] {
  return path
    .split('/')
    .reduce<readonly XmlElement[]>(
      (found, name) => found.flatMap(({ children }) => children.filter((child) => child.name === name)),
      [element],
    );
}

export function textAt(element: XmlElement, path: string): string | undefined {
  return elementsAt(element, path)[0]?.text;
}

function unescaped(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
}
