/** How a mail shows in an inbox. Eta text: `it` is the MailView. */
export interface Opening {
  readonly subject: string;
  /** What an inbox shows beside the subject. */
  readonly preheader: string;
}
