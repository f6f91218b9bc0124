/** The door of XML: one reader for all formats, and documents as trees. */
export { decodedText, readXml, textDecoderOf } from './bytes.ts'
export {
  type XmlAttributes,
  type XmlEvents,
  XmlFault,
  type XmlFaultCode,
  type XmlLimits,
  type XmlTag,
} from './reader.ts'
export { writeXml, type XmlElement, xmlTree } from './tree.ts'
