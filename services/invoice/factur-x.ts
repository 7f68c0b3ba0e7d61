import type PDFDocument from 'pdfkit';

type Pdf = InstanceType<typeof PDFDocument>;

const filename = 'factur-x.xml';
const namespace = 'urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#';

const properties = [
  ['DocumentFileName', 'The name of the embedded XML document'],
  ['DocumentType', 'The type of the hybrid document in capital letters, e.g. INVOICE or ORDER'],
  ['Version', 'The actual version of the standard applying to the embedded XML document'],
  ['ConformanceLevel', 'The conformance level of the embedded XML document'],
] as const;

/**
 * Makes a PDF/A-3 a Factur-X 1.0: the XML as alternative of the pages, and the metadata that says so, with the extension
 * schema that PDF/A wants for metadata it does not know. By pdfkit and not by the e-invoice library, which writes the time
 * of the day into the file: ours has the same bytes whenever it is asked for.
 */
export function attachFacturX(pdf: Pdf, xml: Buffer, issued: Date): void {
  const dates = { creationDate: issued, modifiedDate: issued };
  // `relationship` and appendXML() are documented and work; the types of pdfkit do not know them yet.
  const attachment = {
    name: filename,
    type: 'text/xml',
    description: 'Factur-X',
    relationship: 'Alternative',
    ...dates,
  };
  pdf.file(xml, attachment);
  const writer: { appendXML?(xml: string): void } = pdf;
  writer.appendXML?.(metadata);
}

const property = ([name, description]: (typeof properties)[number]): string => `
                <rdf:li rdf:parseType="Resource">
                  <pdfaProperty:name>${name}</pdfaProperty:name>
                  <pdfaProperty:valueType>Text</pdfaProperty:valueType>
                  <pdfaProperty:category>external</pdfaProperty:category>
                  <pdfaProperty:description>${description}</pdfaProperty:description>
                </rdf:li>`;

const metadata = `
        <rdf:Description rdf:about="" xmlns:fx="${namespace}">
          <fx:DocumentType>INVOICE</fx:DocumentType>
          <fx:DocumentFileName>${filename}</fx:DocumentFileName>
          <fx:Version>1.0</fx:Version>
          <fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>
        </rdf:Description>
        <rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
            xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
            xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
          <pdfaExtension:schemas>
            <rdf:Bag>
              <rdf:li rdf:parseType="Resource">
                <pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>
                <pdfaSchema:namespaceURI>${namespace}</pdfaSchema:namespaceURI>
                <pdfaSchema:prefix>fx</pdfaSchema:prefix>
                <pdfaSchema:property>
                  <rdf:Seq>${properties.map(property).join('')}
                  </rdf:Seq>
                </pdfaSchema:property>
              </rdf:li>
            </rdf:Bag>
          </pdfaExtension:schemas>
        </rdf:Description>
`;
